// Questions about statements, and building new ones with TVM's own constructors.
#ifndef MUTATENN_IR_STMT_H_
#define MUTATENN_IR_STMT_H_

#include <initializer_list>

#include "path.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireStatements();

// Whether `node` is a statement.
bool IsStatement(const Any& node);

// The statement that does nothing. Wherever a statement stands it can take its place: TVM keeps no
// empty sequences and no loops without a body.
Any MakeNothing();

// The statements one after another.
Any MakeSeq(std::initializer_list<Any> statements);

// The SeqStmt `seq` with `statement` inserted before its item `item`.
Any WithInserted(const Any& seq, int32_t item, const Any& statement);

// `if condition: statement`.
Any MakeIf(const Any& condition, const Any& statement);

// Whether `step` leads from a let expression to its body.
bool IsLetBody(const Any& node, const Step& step);

// The value of the let expression `let`, bound to a variable of its own, then `statement`, in which
// that stands for the let's.
Any MakeBindBefore(const Any& let, const Any& statement);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_STMT_H_
