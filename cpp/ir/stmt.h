/*!
 * \file cpp/ir/stmt.h
 * \brief Questions about statements, and building new ones with TVM's own constructors.
 */
#ifndef MUTATENN_IR_STMT_H_
#define MUTATENN_IR_STMT_H_

#include <initializer_list>

#include "path.h"

namespace mutatenn::ir {

/*! \brief Looks up all that this file names in TVM. \throws RuntimeError naming what is missing. */
void RequireStatements();

/*! \brief Whether \p node is a statement. */
bool IsStatement(const Any& node);

/*! \brief The statements one after another. */
Any MakeSeq(std::initializer_list<Any> statements);

/*! \brief The SeqStmt \p seq with \p statement inserted before its item \p item. */
Any WithInserted(const Any& seq, int32_t item, const Any& statement);

/*! \brief `if condition: statement`. */
Any MakeIf(const Any& condition, const Any& statement);

/*! \brief Whether \p step leads from a let expression to its body. */
bool IsLetBody(const Any& node, const Step& step);

/*! \brief The binding of the let expression \p let, then \p statement, which may use it. */
Any MakeBindBefore(const Any& let, const Any& statement);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_STMT_H_
