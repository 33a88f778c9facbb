// What the operators on constants share: which literals they change, and who else does so.
#ifndef MUTATENN_OPERATORS_LITERALS_H_
#define MUTATENN_OPERATORS_LITERALS_H_

#include <string_view>

#include "../engine/operator.h"

namespace mutatenn::operators {

// Whether the literal at a place is one that computes: used as a number, and not the whole of a
// loop's bound or of what a block's axis is bound to.
bool IsConstantPlace(const ir::Cursor& at);

// The operator that makes the same when a literal becomes another number; "" where none does.
std::string_view SameAsLiteral(const ir::Cursor& at, double before, double after);

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_LITERALS_H_
