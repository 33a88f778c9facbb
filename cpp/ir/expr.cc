// Expression types by reflection; constructors by their registered names.
#include "expr.h"

#include <tvm/ffi/dtype.h>
#include <tvm/ffi/error.h>

#include <map>

namespace mutatenn::ir {
namespace {

constexpr const char* kConstructors[] = {"Add", "Sub", "Mul", "Div", "FloorDiv", "FloorMod",
                                         "Min", "Max", "LT",  "LE",  "GT",       "GE",
                                         "EQ",  "NE",  "And", "Or",  "Not"};

// The raw constructors of `prim` nodes, by name.
const std::map<std::string, Function, std::less<>>& Constructors() {
  static const auto all = [] {
    std::map<std::string, Function, std::less<>> found;
    for (const char* name : kConstructors) {
      found.emplace(name, RequireFunction(std::string("prim.") + name));
    }
    return found;
  }();
  return all;
}

const Function& Constructor(std::string_view name) {
  auto it = Constructors().find(name);
  if (it == Constructors().end()) {
    TVM_FFI_THROW(InternalError) << "'prim." << name << "' is missing in kConstructors";
  }
  return it->second;
}

// The operator of the conditional expression; TVM has one object for each operator.
const Any& IfThenElse() {
  static const Any op = Functions::Get().get_op(String("prim.if_then_else"));
  return op;
}

}  // namespace

void RequireExpressions() {
  Constructors();
  IfThenElse();
}

Domain DomainOf(const Any& expr) {
  static const int32_t prim_type = TypeIndexOf("ir.PrimType");
  Any type = Fields::Get().expr_type.Get(expr);
  if (type.type_index() != prim_type) return Domain::kOther;
  DLDataType dtype = Fields::Get().prim_dtype.Get(type).cast<DLDataType>();
  switch (dtype.code) {
    case kDLBool:
      return Domain::kBool;
    case kDLUInt:
      return dtype.bits == 1 ? Domain::kBool : Domain::kInteger;
    case kDLInt:
      return Domain::kInteger;
    case kDLFloat:
    case kDLBfloat:
      return Domain::kFloat;
    default:
      return Domain::kOther;
  }
}

bool IsIfThenElse(const Any& node) {
  static const int32_t call = TypeIndexOf("ir.Call");
  return node.type_index() == call && Fields::Get().call_op.Get(node).same_as(IfThenElse());
}

Any ConditionOf(const Any& if_then_else) {
  return Schema::Get().TypeOf(if_then_else).executed[0].Get(if_then_else).cast<Array<Any>>()[0];
}

std::string_view NameOf(std::string_view key) { return key.substr(key.find('.') + 1); }

Any LeftOf(const Any& binary) { return Schema::Get().TypeOf(binary).executed[0].Get(binary); }

Any RightOf(const Any& binary) { return Schema::Get().TypeOf(binary).executed[1].Get(binary); }

Any MakeBinary(std::string_view name, const Any& like) {
  const auto& children = Schema::Get().TypeOf(like).executed;
  return Constructor(name)(children[0].Get(like), children[1].Get(like),
                           Fields::Get().expr_span.Get(like));
}

Any MakeBinary(std::string_view name, const Any& a, const Any& b) {
  return Constructor(name)(a, b, Fields::Get().expr_span.Get(a));
}

Any MakeNot(const Any& condition) {
  return Constructor("Not")(condition, Fields::Get().expr_span.Get(condition));
}

bool IsLiteral(const Any& expr) {
  static const int32_t int_imm = TypeIndexOf("ir.IntImm");
  static const int32_t float_imm = TypeIndexOf("ir.FloatImm");
  return expr.type_index() == int_imm || expr.type_index() == float_imm;
}

}  // namespace mutatenn::ir
