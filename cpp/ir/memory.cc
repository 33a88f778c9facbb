// Allocations, and declarations of views.
#include "memory.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/extra/structural_equal.h>

#include "expr.h"
#include "keys.h"
#include "literal.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t alloc = TypeIndexOf("tirx.AllocBuffer");
  int32_t view = TypeIndexOf("tirx.DeclBuffer");
  int32_t block = TypeIndexOf("s_tir.SBlock");
  int32_t store = TypeIndexOf("tirx.BufferStore");
  int32_t evaluate = TypeIndexOf("tirx.Evaluate");
  int32_t call = TypeIndexOf("ir.Call");
  Field alloc_buffer{"tirx.AllocBuffer", "buffer"};
  Field view_buffer{"tirx.DeclBuffer", "buffer"}, view_data{"tirx.DeclBuffer", "data"};
  Field matches{"s_tir.SBlock", "match_buffers"};
  Field store_buffer{"tirx.BufferStore", "buffer"}, load_source{"ir.TensorLoad", "source"};
  Field evaluated{"tirx.Evaluate", "value"};
  Any buffer_data = Functions::Get().get_op(String("tirx.buffer_data"));
  Function op_attribute = RequireFunction("ir.OpGetAttr");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

// TVM's CallEffectKind: what is no more than kPure reads and writes nothing.
constexpr int64_t kPure = 1;

}  // namespace

void RequireMemory() { Names::Get(); }

bool IsNothing(const Any& statement) {
  const Names& names = Names::Get();
  return statement.type_index() == names.evaluate && IsLiteral(names.evaluated.Get(statement));
}

bool IsPure(const Any& call) {
  const Any op = Fields::Get().call_op.Get(call);
  static const int32_t op_type = TypeIndexOf("ir.Op");
  if (op.type_index() != op_type) return false;
  const Any effect = Names::Get().op_attribute(op, String("TCallEffectKind"));
  if (IsNone(effect) || effect.cast<int64_t>() > kPure) return false;
  for (const Any& argument : Schema::Get().TypeOf(call).executed[0].Get(call).cast<Array<Any>>()) {
    if (DomainOf(argument) == Domain::kOther) return false;
  }
  return true;
}

Memories::Memories(const Any& body) {
  const Names& names = Names::Get();
  Walk(body, [&](const Cursor& at) {
    if (at.node.type_index() != names.view) return;
    const Any data = names.view_data.Get(at.node);
    Any behind;
    if (data.type_index() == names.call &&
        Fields::Get().call_op.Get(data).same_as(names.buffer_data)) {
      const Any whole = Schema::Get().TypeOf(data).executed[0].Get(data).cast<Array<Any>>()[0];
      behind = Behind(whole).value_or(Any());
    }
    const Any view = names.view_buffer.Get(at.node);
    views_[view.cast<const Object*>()] = behind;
  });
}

std::optional<Any> Memories::Behind(const Any& buffer) const {
  auto found = views_.find(buffer.cast<const Object*>());
  if (found == views_.end()) return buffer;
  return IsNone(found->second) ? std::nullopt : std::optional<Any>(found->second);
}

bool Memories::AreAlike(const Any& lhs, const Any& rhs) const {
  const Field& type = Fields::Get().expr_type;
  return lhs.same_as(rhs) || tvm::ffi::StructuralEqual::Equal(type.Get(lhs), type.Get(rhs));
}

bool Memories::HasViews(const Any& block) const {
  return !Names::Get().matches.Get(block).cast<Array<Any>>().empty();
}

std::vector<Any> Memories::AllocatedBy(const Any& node) const {
  const Names& names = Names::Get();
  std::vector<Any> found;
  if (node.type_index() == names.alloc) found.push_back(names.alloc_buffer.Get(node));
  if (node.type_index() == names.block) {
    for (const Any& buffer : Fields::Get().block_allocs.Get(node).cast<Array<Any>>()) {
      found.push_back(buffer);
    }
  }
  return found;
}

}  // namespace mutatenn::ir
