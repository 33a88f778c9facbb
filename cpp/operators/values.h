// What the operators on arithmetic and constants share: which places hold a value, and what for.
#ifndef MUTATENN_OPERATORS_VALUES_H_
#define MUTATENN_OPERATORS_VALUES_H_

#include <string_view>

#include "../engine/operator.h"

namespace mutatenn::operators {

// The type key of the node around a place; "" at the root.
std::string_view KeyAround(const ir::Cursor& at);

// Whether an expression is an integer or a floating-point number.
bool IsNumber(const ir::Any& expr);

// Whether the number at a place is used as one: not thrown away, and no argument of a call that
// takes buffers, sizes or flags (only mathematical functions and conditional expressions compute
// with theirs).
bool IsUsedAsNumber(const ir::Cursor& at);

// Whether a place is part of an index, of what a block's axis is bound to, or of a loop's bounds.
bool IsInAddress(const ir::Cursor& at);

// Whether a place is the whole of an index, or what is added to or subtracted from one.
bool IsOffsetOfIndex(const ir::Cursor& at);

// The other operand of the binary node around a place.
ir::Any Sibling(const ir::Cursor& at);

// Whether an integer literal can be the right operand of a binary node: no divisor that is zero,
// and no shift by less than nothing or by a whole word.
bool FitsAsRight(const ir::Any& binary, int64_t literal);

// Whether `negate-expr` has a mutant for an expression, wherever it computes with numbers.
bool IsNegatable(const ir::Any& expr);

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_VALUES_H_
