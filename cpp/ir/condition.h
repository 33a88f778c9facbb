// Which nodes are conditions, and of what.
#ifndef MUTATENN_IR_CONDITION_H_
#define MUTATENN_IR_CONDITION_H_

#include "path.h"

namespace mutatenn::ir {

// What a condition belongs to.
enum class ConditionHolder { kNothing, kIf, kWhile, kSelect, kIfThenElse, kBlock };

// What the node at a cursor is the condition of; kNothing when it is none.
ConditionHolder HolderOf(const Cursor& at);

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireConditions();

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_CONDITION_H_
