// A buffer is a variable whose type holds shape, element type and scope; a new type is a new
// buffer.
#include "buffer.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/dtype.h>
#include <tvm/ffi/extra/structural_mutate.h>

#include "literal.h"
#include "sequence.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t alloc = TypeIndexOf("tirx.AllocBuffer");
  int32_t decl = TypeIndexOf("tirx.DeclBuffer");
  int32_t block = TypeIndexOf("s_tir.SBlock");
  int32_t call = TypeIndexOf("ir.Call");
  Field alloc_buffer{"tirx.AllocBuffer", "buffer"};
  Field decl_data{"tirx.DeclBuffer", "data"};
  Field call_args{"ir.Call", "args"};
  Field shape{"tirx.BufferType", "shape"};
  Field strides{"tirx.BufferType", "strides"};
  Field offset{"tirx.BufferType", "elem_offset"};
  Field layout{"tirx.BufferType", "layout"};
  Field scope{"tirx.BufferType", "storage_scope"};
  Field dtype{"tirx.BufferType", "dtype"};
  Any data_op = Functions::Get().get_op(String("tirx.buffer_data"));

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

Any TypeOf(const Any& buffer) { return Fields::Get().expr_type.Get(buffer); }

}  // namespace

void RequireBuffers() { Names::Get(); }

Array<Any> AllocationsOf(const Any& node) {
  const Names& names = Names::Get();
  if (node.type_index() == names.block)
    return Fields::Get().block_allocs.Get(node).cast<Array<Any>>();
  Array<Any> buffers;
  for (const Any& item : ItemsOf(node)) {
    if (item.type_index() == names.alloc) buffers.push_back(names.alloc_buffer.Get(item));
  }
  return buffers;
}

bool IsCompact(const Any& buffer) {
  const Names& names = Names::Get();
  const Any type = TypeOf(buffer);
  return names.strides.Get(type).cast<Array<Any>>().empty() && IsNone(names.layout.Get(type)) &&
         IntegerIn(names.offset.Get(type)) == int64_t{0};
}

std::optional<std::vector<int64_t>> ShapeOf(const Any& buffer) {
  std::vector<int64_t> shape;
  for (const Any& extent : Names::Get().shape.Get(TypeOf(buffer)).cast<Array<Any>>()) {
    std::optional<int64_t> constant = IntegerIn(extent);
    if (!constant) return std::nullopt;
    shape.push_back(*constant);
  }
  return shape;
}

int64_t ElementBytes(const Any& buffer) {
  Any type = Names::Get().dtype.Get(TypeOf(buffer));
  DLDataType dtype = Fields::Get().prim_dtype.Get(type).cast<DLDataType>();
  return (int64_t{dtype.bits} * dtype.lanes + 7) / 8;
}

std::string ScopeOf(const Any& buffer) {
  return Names::Get().scope.Get(TypeOf(buffer)).cast<std::string>();
}

Any WithExtent(const Any& buffer, size_t axis, int64_t extent) {
  const Names& names = Names::Get();
  const Any type = TypeOf(buffer);
  auto shape = names.shape.Get(type).cast<Array<Any>>();
  shape.Set(axis, MakeInteger(extent, shape[axis]));
  return Fields::Get().expr_type.With(buffer, names.shape.With(type, shape));
}

Any WithScope(const Any& buffer, const std::string& scope) {
  const Any type = Names::Get().scope.With(TypeOf(buffer), String(scope));
  return Fields::Get().expr_type.With(buffer, type);
}

Any ViewedAt(const Any& node) {
  const Names& names = Names::Get();
  if (node.type_index() != names.decl) return Any();
  const Any data = names.decl_data.Get(node);
  if (data.type_index() != names.call) return Any();
  if (!Fields::Get().call_op.Get(data).same_as(names.data_op)) return Any();
  return names.call_args.Get(data).cast<Array<Any>>()[0];
}

Any WithBuffer(const Any& root, const Any& buffer, const Any& replacement) {
  // Before the children: what stands there instead is not looked into.
  auto exchange = [&](tvm::ffi::AnyView node) -> tvm::ffi::Expected<Any> {
    return Any(node).same_as(buffer) ? replacement : Any(node);
  };
  return tvm::ffi::StructuralMap<tvm::ffi::WalkOrder::kPreOrder>(root, exchange);
}

}  // namespace mutatenn::ir
