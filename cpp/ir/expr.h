/*!
 * \file cpp/ir/expr.h
 * \brief Questions about expressions, and building new ones with TVM's own constructors.
 */
#ifndef MUTATENN_IR_EXPR_H_
#define MUTATENN_IR_EXPR_H_

#include <string_view>

#include "path.h"

namespace mutatenn::ir {

/*! \brief What a scalar or vector is made of. */
enum class Domain { kBool, kInteger, kFloat, kOther };

/*! \brief The element domain of an expression; kOther where it has no primitive type. */
Domain DomainOf(const Any& expr);

/*! \brief Whether \p node is a conditional expression, `T.if_then_else(condition, a, b)`. */
bool IsIfThenElse(const Any& node);

/*! \brief The condition of a conditional expression. */
Any ConditionOf(const Any& if_then_else);

/*! \brief Looks up all that this file names in TVM. \throws RuntimeError naming what is not there.
 */
void RequireExpressions();

/*! \brief The name of a type key: `prim.LT` is called `LT`. */
std::string_view NameOf(std::string_view key);

/*! \brief The node `prim.<name>(a, b)` as it stands: nothing is folded, the span is kept. */
Any MakeBinary(std::string_view name, const Any& like);

/*! \brief The node `prim.Not(condition)`. */
Any MakeNot(const Any& condition);

/*! \brief Whether \p expr is a literal. */
bool IsLiteral(const Any& expr);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_EXPR_H_
