// Questions about Relax expressions, and building new ones with TVM's own constructors.
#ifndef MUTATENN_IR_RELAX_H_
#define MUTATENN_IR_RELAX_H_

#include <tvm/ffi/dtype.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is not there.
void RequireRelax();

// Whether `node` is a Relax function.
bool IsRelaxFunction(const Any& node);

// Whether `expr` is a Relax call, a variable, a tuple, a constant tensor.
bool IsCall(const Any& expr);
bool IsVar(const Any& expr);
bool IsTuple(const Any& expr);
bool IsConstant(const Any& expr);

// The Relax operator that a call calls, without its prefix `relax.`: `nn.conv2d`. Empty for
// anything else; launches of kernels (`call_tir`) and calls of functions are no operators.
std::string OperatorOf(const Any& expr);

// Whether Relax has an operator of that name, written as `OperatorOf` does.
bool IsOperatorName(std::string_view name);

// A tensor whose extents are all known.
struct TensorFacts {
  std::vector<int64_t> shape;
  DLDataType dtype;

  bool IsFloat() const { return dtype.code == kDLFloat || dtype.code == kDLBfloat; }
};

// What is known of an expression or a type, where it is a tensor of static shape.
std::optional<TensorFacts> TensorOf(const Any& expr_or_type);

Any TypeOf(const Any& expr);
bool SameType(const Any& lhs, const Any& rhs);

Array<Any> ArgsOf(const Any& call);
Array<Any> FieldsOf(const Any& tuple);
Any AttrsOf(const Any& call);

// The tuple and the number of an item of a tuple; None if `expr` is none.
struct TupleItem {
  Any tuple;
  int64_t index;
};
std::optional<TupleItem> TupleItemOf(const Any& expr);

// The value of an attribute; None where the operator has no such attribute.
Any AttrOf(const Any& call, std::string_view name);

// The integers of an attribute that is one or an array of some; else none.
std::vector<int64_t> IntegersIn(const Any& value);

// Copies of a call; what it gives has to be inferred anew.
Any WithArgs(const Any& call, const Array<Any>& args);
Any WithArg(const Any& call, size_t index, const Any& arg);
Any WithAttr(const Any& call, std::string_view name, const Any& value);
// The same arguments and attributes for another operator.
Any WithOperator(const Any& call, std::string_view name);

// A call of an operator without attributes, in the source layer of `like`.
Any MakeCall(std::string_view name, const Array<Any>& args, const Any& like);
Any MakeTuple(const Array<Any>& fields);
Any MakeTupleItem(const Any& tuple, int64_t index);
Any MakeLeakyRelu(const Any& tensor, double slope, const Any& like);
Any MakePermute(const Any& tensor, const std::vector<int64_t>& axes, const Any& like);
Any MakeClip(const Any& tensor, double least, double most, const Any& like);

// The type that TVM infers for a call, None if it refuses it.
Any InferredType(const Any& call);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_RELAX_H_
