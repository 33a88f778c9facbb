// The exact order of relative errors.
#ifndef MUTATENN_VERIFY_FRACTION_H_
#define MUTATENN_VERIFY_FRACTION_H_

#include <cmath>
#include <cstdint>

namespace mutatenn::verify {

// A number above 0 as a whole number and a power of two; infinity is one above all others.
struct Scaled {
  uint64_t digits;  // its highest bit is set
  int exponent;
};

inline Scaled ScaledOf(uint64_t value) {
  const int shift = __builtin_clzll(value);
  return {value << shift, -shift};
}

inline Scaled ScaledOf(double value) {
  if (std::isinf(value)) return {uint64_t{1} << 63, 1 << 20};
  int exponent = 0;
  const double digits = std::frexp(value, &exponent);
  return {static_cast<uint64_t>(std::ldexp(digits, 64)), exponent - 64};
}

inline Scaled ScaledOf(float value) { return ScaledOf(static_cast<double>(value)); }

// An error relative to a scale; both are above 0.
template <typename Number>
struct Fraction {
  Number error;
  Number scale;
};

template <typename Number>
bool operator>(const Fraction<Number>& one, const Fraction<Number>& other) {
  __extension__ using Product = unsigned __int128;
  const Scaled a = ScaledOf(one.error), b = ScaledOf(one.scale);
  const Scaled c = ScaledOf(other.error), d = ScaledOf(other.scale);
  const int apart = a.exponent + d.exponent - c.exponent - b.exponent;
  const Product left = Product{a.digits} * d.digits, right = Product{c.digits} * b.digits;
  // Products are at least 2^126 and below 2^128.
  if (apart >= 2) return true;
  if (apart <= -2) return false;
  if (apart == 1) return left > right >> 1;
  if (apart == -1) return left >> 1 > right || (left >> 1 == right && (left & 1));
  return left > right;
}

}  // namespace mutatenn::verify
#endif  // MUTATENN_VERIFY_FRACTION_H_
