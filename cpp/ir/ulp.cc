// Formats as IEEE 754 lays them out, where the bits of magnitudes in order are integers in a row.
#include "ulp.h"

#include <algorithm>
#include <cmath>

namespace mutatenn::ir {
namespace {

struct Format {
  int precision;  // bits of the significand, the leading one included
  int least;      // exponent of the smallest normal number; the greatest is 1 - least
};

std::optional<Format> FormatOf(DLDataType type) {
  if (type.code == kDLBfloat && type.bits == 16) return Format{8, -126};
  if (type.code != kDLFloat) return std::nullopt;
  if (type.bits == 16) return Format{11, -14};
  if (type.bits == 32) return Format{24, -126};
  if (type.bits == 64) return Format{53, -1022};
  return std::nullopt;
}

// Numbers of one exponent.
int64_t PerExponent(const Format& format) { return int64_t{1} << (format.precision - 1); }

int64_t IndexOfInfinity(const Format& format) {
  return (2 - 2 * format.least + 1) * PerExponent(format);
}

// How many numbers lie between 0 and a magnitude.
int64_t IndexOf(const Format& format, double magnitude) {
  if (std::isinf(magnitude)) return IndexOfInfinity(format);
  if (magnitude < std::ldexp(1, format.least)) {
    return static_cast<int64_t>(std::ldexp(magnitude, format.precision - 1 - format.least));
  }
  const int exponent = std::ilogb(magnitude);
  // The leading bit of the significand counts the first of these exponents.
  const double significand = std::ldexp(magnitude, format.precision - 1 - exponent);
  return (exponent - format.least) * PerExponent(format) + static_cast<int64_t>(significand);
}

double NumberAt(const Format& format, int64_t index) {
  if (index == IndexOfInfinity(format)) return HUGE_VAL;
  const int64_t row = index / PerExponent(format);
  if (row == 0) return std::ldexp(static_cast<double>(index), format.least - format.precision + 1);
  const int64_t significand = index % PerExponent(format) + PerExponent(format);
  const int exponent = static_cast<int>(row) - 1 + format.least;
  return std::ldexp(static_cast<double>(significand), exponent - format.precision + 1);
}

}  // namespace

std::optional<double> NearestIn(DLDataType type, double value) {
  const std::optional<Format> format = FormatOf(type);
  if (!format) return std::nullopt;
  if (value == 0 || !std::isfinite(value) || format->precision == 53) return value;
  const int exponent = std::max(std::ilogb(value), format->least);
  const int unit = exponent - format->precision + 1;
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(value, -unit)), unit);
  // Beyond the largest there is room for one exponent more, which the format has not.
  if (std::abs(rounded) >= std::ldexp(1, 2 - format->least)) return std::copysign(HUGE_VAL, value);
  return rounded;
}

std::optional<double> StepsFrom(DLDataType type, double number, int64_t ulps) {
  const std::optional<Format> format = FormatOf(type);
  if (!format || std::isnan(number)) return std::nullopt;
  const int64_t last = IndexOfInfinity(*format);
  const int64_t index = IndexOf(*format, std::abs(number));
  const int64_t here = std::signbit(number) ? -index : index;
  const int64_t there = here + ulps;
  if (there > last || there < -last) return std::nullopt;
  return there < 0 ? -NumberAt(*format, -there) : NumberAt(*format, there);
}

}  // namespace mutatenn::ir
