// The fields of loads and stores, and searches in the expressions below them.
#include "access.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/extra/structural_equal.h>

#include "literal.h"

namespace mutatenn::ir {
namespace {

using tvm::ffi::StructuralEqual;

// What this file names in TVM, looked up once.
struct Names {
  int32_t store = TypeIndexOf("tirx.BufferStore");
  int32_t load = TypeIndexOf("ir.TensorLoad");
  Field store_buffer{"tirx.BufferStore", "buffer"};
  Field store_indices{"tirx.BufferStore", "indices"};
  Field store_value{"tirx.BufferStore", "value"};
  Field load_source{"ir.TensorLoad", "source"};
  Field load_indices{"ir.TensorLoad", "indices"};

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

// Whether any read in an expression passes a test.
template <typename Test>
bool AnyRead(const Any& expr, Test test) {
  bool found = false;
  Walk(expr, [&](const Cursor& at) {
    if (found) return;
    if (std::optional<Access> load = LoadAt(at.node)) found = test(*load);
  });
  return found;
}

}  // namespace

void RequireAccesses() { Names::Get(); }

std::optional<Access> StoreAt(const Any& node) {
  const Names& names = Names::Get();
  if (node.type_index() != names.store) return std::nullopt;
  return Access{names.store_buffer.Get(node), names.store_indices.Get(node).cast<Array<Any>>(),
                names.store_value.Get(node)};
}

std::optional<Access> LoadAt(const Any& node) {
  const Names& names = Names::Get();
  if (node.type_index() != names.load) return std::nullopt;
  return Access{names.load_source.Get(node), names.load_indices.Get(node).cast<Array<Any>>(),
                Any()};
}

bool SamePlace(const Access& lhs, const Access& rhs) {
  // Variables are bound outside: compare them as they are.
  return lhs.buffer.same_as(rhs.buffer) && StructuralEqual::Equal(lhs.indices, rhs.indices);
}

bool Apart(const Access& lhs, const Access& rhs) {
  if (lhs.indices.size() != rhs.indices.size()) return false;
  for (size_t i = 0; i < lhs.indices.size(); ++i) {
    const std::optional<int64_t> one = IntegerIn(lhs.indices[i]), other = IntegerIn(rhs.indices[i]);
    if (one && other && *one != *other) return true;
  }
  return false;
}

bool Reads(const Any& expr, const Any& buffer) {
  return AnyRead(expr, [&](const Access& load) { return load.buffer.same_as(buffer); });
}

bool ReadsPlace(const Any& expr, const Access& place) {
  return AnyRead(expr, [&](const Access& load) { return SamePlace(load, place); });
}

bool IsUpdate(const Access& store) {
  return !LoadAt(store.value) && ReadsPlace(store.value, store);
}

}  // namespace mutatenn::ir
