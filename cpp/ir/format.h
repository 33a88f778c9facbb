// Number formats: which values a type has.
#ifndef MUTATENN_IR_FORMAT_H_
#define MUTATENN_IR_FORMAT_H_

#include <tvm/ffi/dtype.h>

#include <optional>
#include <string_view>

namespace mutatenn::ir {

// A floating-point format, as IEEE 754 describes one.
struct FloatFormat {
  int precision;       // bits of the significand, the leading one included
  int least_exponent;  // of the smallest normal number
  double largest;      // finite value
};

// The element type that TVM writes as `name`. Throws ValueError for other texts.
DLDataType TypeNamed(std::string_view name);

// The format of a type's elements; nothing where they are no floating-point numbers, or of a kind
// that no operator deals with.
std::optional<FloatFormat> FormatOf(DLDataType type);

// Bits of an integer type's values, without the sign.
int ValueBits(DLDataType type);

// Whether a value lies in an integer type.
bool Fits(DLDataType integer, double value);

// The value of a floating-point type that is nearest, ties to even; infinite beyond the largest.
double Rounded(DLDataType floating, double value);

// Whether every value of one type is a value of another.
bool HoldsAll(DLDataType type, DLDataType of);

// The largest number of so many significant bits that is not above 2^bits - 1.
double LargestBelow(int bits, int precision);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_FORMAT_H_
