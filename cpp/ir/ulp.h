// The numbers of a floating-point type in a row: the nearest to a value, and those beside it.
#ifndef MUTATENN_IR_ULP_H_
#define MUTATENN_IR_ULP_H_

#include <tvm/ffi/dtype.h>

#include <cstdint>
#include <optional>

namespace mutatenn::ir {

// The number of the element type that is nearest to a value, ties to even; infinite beyond the
// largest. Nothing for types other than float16, bfloat16, float32 and float64.
std::optional<double> NearestIn(DLDataType type, double value);

// The number so many units in the last place above one of the type's numbers (below for negative
// counts, of which none goes beyond 2^31 either way); infinity comes after the largest. Nothing
// where that is beyond infinity, or for NaN.
std::optional<double> StepsFrom(DLDataType type, double number, int64_t ulps);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_ULP_H_
