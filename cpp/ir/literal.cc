// TVM's immediates and casts, by their registered constructors.
#include "literal.h"

#include <tvm/ffi/error.h>

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  Function int_imm = RequireFunction("ir.IntImm");
  Function float_imm = RequireFunction("ir.FloatImm");
  Function broadcast = RequireFunction("prim.Broadcast");
  Function cast = RequireFunction("prim.Cast");
  Field int_value{"ir.IntImm", "value"};
  Field float_value{"ir.FloatImm", "value"};
  Field broadcast_value{"prim.Broadcast", "value"};
  Field cast_value{"prim.Cast", "value"};
  int32_t type = TypeIndexOf("ir.PrimType");
  int32_t cast_type = TypeIndexOf("prim.Cast");
  int32_t int_type = TypeIndexOf("ir.IntImm");
  int32_t float_type = TypeIndexOf("ir.FloatImm");
  int32_t broadcast_type = TypeIndexOf("prim.Broadcast");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

DLDataType Required(const Any& expr) {
  std::optional<DLDataType> dtype = DTypeOf(expr);
  if (!dtype) TVM_FFI_THROW(TypeError) << "a " << expr.GetTypeKey() << " has no primitive type";
  return *dtype;
}

Any InEveryLane(const Any& value, int lanes, const Any& like) {
  if (lanes == 1) return value;
  const Names& names = Names::Get();
  Any count = names.int_imm(DLDataType{kDLInt, 32, 1}, int64_t{lanes}, Any());
  return names.broadcast(value, count, Fields::Get().expr_span.Get(like));
}

Any MakeInt(DLDataType dtype, int64_t value, const Any& like) {
  const int lanes = dtype.lanes;
  dtype.lanes = 1;
  Any span = Fields::Get().expr_span.Get(like);
  return InEveryLane(Names::Get().int_imm(dtype, value, span), lanes, like);
}

}  // namespace

void RequireLiterals() { Names::Get(); }

std::optional<DLDataType> DTypeOf(const Any& expr) {
  Any type = Fields::Get().expr_type.Get(expr);
  if (type.type_index() != Names::Get().type) return std::nullopt;
  return Fields::Get().prim_dtype.Get(type).cast<DLDataType>();
}

Any MakeBool(bool value, const Any& like) {
  return MakeInt({kDLBool, 8, Required(like).lanes}, int64_t{value}, like);
}

Any MakeInteger(int64_t value, const Any& like) { return MakeInt(Required(like), value, like); }

Any MakeFloat(double value, const Any& like) {
  DLDataType dtype = Required(like);
  const int lanes = dtype.lanes;
  dtype.lanes = 1;
  Any span = Fields::Get().expr_span.Get(like);
  return InEveryLane(Names::Get().float_imm(dtype, value, span), lanes, like);
}

std::optional<int64_t> IntegerIn(const Any& expr) {
  const Names& names = Names::Get();
  if (expr.type_index() == names.broadcast_type) return IntegerIn(names.broadcast_value.Get(expr));
  if (expr.type_index() != names.int_type) return std::nullopt;
  return names.int_value.Get(expr).cast<int64_t>();
}

std::optional<double> NumberIn(const Any& expr) {
  const Names& names = Names::Get();
  if (expr.type_index() == names.broadcast_type) return NumberIn(names.broadcast_value.Get(expr));
  if (expr.type_index() == names.float_type) return names.float_value.Get(expr).cast<double>();
  std::optional<int64_t> integer = IntegerIn(expr);
  return integer ? std::optional<double>(static_cast<double>(*integer)) : std::nullopt;
}

Any MakeCast(DLDataType element, const Any& value) {
  element.lanes = Required(value).lanes;
  return Names::Get().cast(element, value, Fields::Get().expr_span.Get(value));
}

std::optional<DLDataType> CastFrom(const Any& expr) {
  const Names& names = Names::Get();
  if (expr.type_index() != names.cast_type) return std::nullopt;
  return DTypeOf(names.cast_value.Get(expr));
}

}  // namespace mutatenn::ir
