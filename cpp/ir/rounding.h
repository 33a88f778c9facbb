// Values on their way through another type, defined for every value and the same on every backend.
//
// TVM drops casts to bfloat16 and float8 where it computes in wider types, and has no say over
// floating-point numbers beyond an integer type: the first are written out here, the latter
// saturate.
#ifndef MUTATENN_IR_ROUNDING_H_
#define MUTATENN_IR_ROUNDING_H_

#include <tvm/ffi/dtype.h>

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireRounding();

// `value` through another type and back to its own.
//
// Floating-point numbers round to nearest, ties to even; to integers they round towards zero and
// saturate. Integers wrap in integer types. float16 overflows to infinity, float8 saturates; a
// number that is none stays one, but for integers.
Any RoundThrough(const Any& value, DLDataType narrow);

// `value` in another type: an integer type or float16.
Any Narrowed(const Any& value, DLDataType narrow);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_ROUNDING_H_
