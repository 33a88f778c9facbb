// Fields of TIR's accesses; a narrow view of a buffer is a declaration over its data.
#include "store.h"

#include "literal.h"
#include "stmt.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  Function with_dtype = RequireFunction("tirx.BufferWithDtype");
  Function data = RequireFunction("tirx.BufferData");
  Function declare = RequireFunction("tirx.DeclBuffer");
  Field store_buffer{"tirx.BufferStore", "buffer"};
  Field store_value{"tirx.BufferStore", "value"};
  Field store_indices{"tirx.BufferStore", "indices"};
  Field load_source{"ir.TensorLoad", "source"};
  Field load_indices{"ir.TensorLoad", "indices"};
  Field shape{"tirx.BufferType", "shape"};
  Field element{"tirx.BufferType", "dtype"};
  int32_t store = TypeIndexOf("tirx.BufferStore");
  int32_t load = TypeIndexOf("ir.TensorLoad");
  int32_t buffer_type = TypeIndexOf("tirx.BufferType");

  const Field& IndicesField(const Any& access) const {
    return access.type_index() == store ? store_indices : load_indices;
  }

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

}  // namespace

void RequireStores() { Names::Get(); }

bool IsStore(const Any& node) { return node.type_index() == Names::Get().store; }

bool IsLoad(const Any& node) { return node.type_index() == Names::Get().load; }

bool IsAccess(const Any& node) { return IsStore(node) || IsLoad(node); }

Any BufferOf(const Any& access) {
  const Names& names = Names::Get();
  return (IsStore(access) ? names.store_buffer : names.load_source).Get(access);
}

Array<Any> IndicesOf(const Any& access) {
  return Names::Get().IndicesField(access).Get(access).cast<Array<Any>>();
}

Any WithIndices(const Any& access, const Array<Any>& indices) {
  return Names::Get().IndicesField(access).With(access, indices);
}

Any ValueOf(const Any& store) { return Names::Get().store_value.Get(store); }

bool IsStoredValue(const Cursor& at) { return at.role() == "value" && IsStore(at.parent); }

bool IsIndex(const Cursor& at) { return at.role() == "indices" && IsAccess(at.parent); }

std::optional<int64_t> ExtentOf(const Any& buffer, int32_t axis) {
  const Any type = Fields::Get().expr_type.Get(buffer);
  if (type.type_index() != Names::Get().buffer_type) return std::nullopt;
  const auto shape = Names::Get().shape.Get(type).cast<Array<Any>>();
  if (axis < 0 || static_cast<size_t>(axis) >= shape.size()) return std::nullopt;
  return IntegerIn(shape[axis]);
}

Any MakeNarrowStore(const Any& store, DLDataType element, const Any& value) {
  const Names& names = Names::Get();
  const Any buffer = names.store_buffer.Get(store);
  const Any wide = names.element.Get(Fields::Get().expr_type.Get(buffer));
  // TVM makes buffers of vectors, whose indices count vectors.
  element.lanes = Fields::Get().prim_dtype.Get(wide).cast<DLDataType>().lanes;
  const Any narrow = names.with_dtype(buffer, element);
  const Any view = names.declare(narrow, names.data(buffer), Any());
  return MakeSeq({view, names.store_buffer.With(names.store_value.With(store, value), narrow)});
}

}  // namespace mutatenn::ir
