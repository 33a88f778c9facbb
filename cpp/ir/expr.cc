/*!
 * \file cpp/ir/expr.cc
 * \brief Expression types by reflection; constructors by their registered names.
 */
#include "expr.h"

#include <tvm/ffi/dtype.h>
#include <tvm/ffi/error.h>

#include <map>

namespace mutatenn::ir {
namespace {

constexpr const char* kConstructors[] = {"Add",      "Sub", "Mul", "Div", "FloorDiv",
                                         "FloorMod", "Min", "Max", "LT",  "LE",
                                         "GT",       "GE",  "EQ",  "NE",  "Not"};

/*! \brief The raw constructors of `prim` nodes, by name. */
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

}  // namespace

void RequireConstructors() { Constructors(); }

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

std::string CalledOp(const Any& node) {
  static const int32_t call = TypeIndexOf("ir.Call");
  static const int32_t op = TypeIndexOf("ir.Op");
  if (node.type_index() != call) return "";
  Any callee = Fields::Get().call_op.Get(node);
  if (callee.type_index() != op) return "";
  return Fields::Get().op_name.Get(callee).cast<std::string>();
}

Any MakeBinary(std::string_view name, const Any& like) {
  const auto& children = Schema::Get().TypeOf(like).executed;
  return Constructor(name)(children[0].Get(like), children[1].Get(like),
                           Fields::Get().expr_span.Get(like));
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
