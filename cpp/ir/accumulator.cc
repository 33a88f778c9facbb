// Recognises initialising stores by what later statements do with their buffer.
#include "accumulator.h"

#include <tvm/ffi/container/array.h>

#include "access.h"
#include "sequence.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t block = TypeIndexOf("s_tir.SBlock");
  Field init{"s_tir.SBlock", "init"};

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

// What becomes of a place.
enum class Fate { kUnknown, kUpdated, kOverwritten };

// What the first store under a statement that concerns the place of `first` makes of it.
//
// Expressions are not walked: a kernel has far fewer statements.
Fate FateIn(const Any& statement, const Access& first) {
  if (std::optional<Access> store = StoreAt(statement)) {
    if (!store->buffer.same_as(first.buffer) || Apart(*store, first)) return Fate::kUnknown;
    if (IsUpdate(*store)) return Fate::kUpdated;
    return SamePlace(*store, first) ? Fate::kOverwritten : Fate::kUnknown;
  }
  for (const Any& child : StatementsIn(statement)) {
    const Fate fate = FateIn(child, first);
    if (fate != Fate::kUnknown) return fate;
  }
  return Fate::kUnknown;
}

}  // namespace

void RequireAccumulators() { Names::Get(); }

bool HasInit(const Any& node) {
  return node.type_index() == Names::Get().block && !IsNone(Names::Get().init.Get(node));
}

Any InitOf(const Any& block) { return Names::Get().init.Get(block); }

Any WithoutInit(const Any& block) { return Names::Get().init.With(block, Any()); }

bool StandsInInit(const Cursor& at, size_t depth) {
  for (size_t i = 0; i < depth; ++i) {
    const bool block = (*at.above)[i].type_index() == Names::Get().block;
    if (block && at.path[i].field->name() == "init") return true;
  }
  return false;
}

bool Initialises(const Cursor& at, size_t depth) {
  if (at.above == nullptr) return false;
  const Any& node = depth < at.above->size() ? (*at.above)[depth] : at.node;
  const std::optional<Access> store = StoreAt(node);
  if (!store) return false;
  if (StandsInInit(at, depth)) return true;
  if (Reads(store->value, store->buffer)) return false;
  for (size_t i = depth; i-- > 0;) {
    const Array<Any> items = ItemsOf((*at.above)[i]);
    for (size_t item = at.path[i].item + 1; item < items.size(); ++item) {
      Fate fate = FateIn(items[item], *store);
      if (fate != Fate::kUnknown) return fate == Fate::kUpdated;
    }
  }
  return false;
}

}  // namespace mutatenn::ir
