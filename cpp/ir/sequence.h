// Statements made of statements.
#ifndef MUTATENN_IR_SEQUENCE_H_
#define MUTATENN_IR_SEQUENCE_H_

#include <vector>

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireSequences();

// The statements of a sequence; none for another node.
Array<Any> ItemsOf(const Any& node);

// The sequence with other statements.
Any WithItems(const Any& seq, const Array<Any>& items);

// The statements that a statement runs directly, in the order in which they stand.
std::vector<Any> StatementsIn(const Any& statement);

// Whether a statement does no more than naming a value.
bool IsBinding(const Any& statement);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_SEQUENCE_H_
