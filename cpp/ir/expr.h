/*!
 * \file cpp/ir/expr.h
 * \brief Questions about expressions, and building new ones with TVM's own constructors.
 */
#ifndef MUTATENN_IR_EXPR_H_
#define MUTATENN_IR_EXPR_H_

#include <optional>
#include <string>
#include <string_view>

#include "path.h"

namespace mutatenn::ir {

/*! \brief What a scalar or vector is made of. */
enum class Domain { kBool, kInteger, kFloat, kOther };

/*! \brief The element domain of an expression; kOther where it has no primitive type. */
Domain DomainOf(const Any& expr);

/*! \brief Name of the operator that \p node calls, for instance `tirx.if_then_else`; "" if none. */
std::string CalledOp(const Any& node);

/*! \brief Looks up every node constructor. \throws RuntimeError naming one that TVM lacks. */
void RequireConstructors();

/*! \brief The node `prim.<name>(a, b)` as it stands: nothing is folded, the span is kept. */
Any MakeBinary(std::string_view name, const Any& like);

/*! \brief The node `prim.Not(condition)`. */
Any MakeNot(const Any& condition);

/*! \brief Whether \p expr is a literal. */
bool IsLiteral(const Any& expr);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_EXPR_H_
