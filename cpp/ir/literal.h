// Literals of the type of another expression: of its width and its number of lanes.
#ifndef MUTATENN_IR_LITERAL_H_
#define MUTATENN_IR_LITERAL_H_

#include <tvm/ffi/dtype.h>

#include <optional>

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireLiterals();

// The type of the elements of an expression, and how many there are; nothing where it has no
// primitive type.
std::optional<DLDataType> DTypeOf(const Any& expr);

// A boolean for each lane of `like`.
Any MakeBool(bool value, const Any& like);

// `value` in each lane, in the integer or floating-point type of `like`.
//
// Throws RuntimeError where TVM refuses it: beyond the type's range.
Any MakeInteger(int64_t value, const Any& like);
Any MakeFloat(double value, const Any& like);

// The value of an integer literal, or of one in every lane; nothing for other expressions.
std::optional<int64_t> IntegerIn(const Any& expr);

// The same of an integer or floating-point literal, as far as a double holds it.
std::optional<double> NumberIn(const Any& expr);

// `value` cast to another element type; lanes stay.
Any MakeCast(DLDataType element, const Any& value);

// The type that a cast is from; nothing for other expressions.
std::optional<DLDataType> CastFrom(const Any& expr);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_LITERAL_H_
