// Questions about expressions, and building new ones with TVM's own constructors.
#ifndef MUTATENN_IR_EXPR_H_
#define MUTATENN_IR_EXPR_H_

#include <string_view>

#include "path.h"

namespace mutatenn::ir {

// What a scalar or vector is made of.
enum class Domain { kBool, kInteger, kFloat, kOther };

// The element domain of an expression; kOther where it has no primitive type.
Domain DomainOf(const Any& expr);

// Whether `node` is a conditional expression, `T.if_then_else(condition, a, b)`.
bool IsIfThenElse(const Any& node);

// The condition of a conditional expression.
Any ConditionOf(const Any& if_then_else);

// Looks up all that this file names in TVM. Throws RuntimeError naming what is not there.
void RequireExpressions();

// The name of a type key: `prim.LT` is called `LT`.
std::string_view NameOf(std::string_view key);

// The operands of a binary node.
Any LeftOf(const Any& binary);
Any RightOf(const Any& binary);

// The node `prim.<name>(a, b)` as it stands: nothing is folded, the span is kept.
Any MakeBinary(std::string_view name, const Any& like);

// The node `prim.<name>(a, b)` of two operands; nothing is folded, the span is that of `a`.
Any MakeBinary(std::string_view name, const Any& a, const Any& b);

// The node `prim.Not(condition)`.
Any MakeNot(const Any& condition);

// Whether `expr` is a literal.
bool IsLiteral(const Any& expr);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_EXPR_H_
