// The exact order of relative errors: fractions are multiplied crosswise in 128 bits, since no
// division of OpenCL C is rounded alike everywhere.

typedef struct {
  u64 mantissa;  // its highest bit is set
  int exponent;  // of the lowest bit
} Number;

// The value of an error or a scale above 0; infinity counts as the power of two after the largest.
DEVICE Number NumberOf(Bits bits) {
  Number number;
#if defined(ELEMENT_FLOAT64)
  const int field = (int)(bits >> 52);
  const u64 digits = bits & 0x000ffffffffffffful;
  number.mantissa = field ? digits | 0x0010000000000000ul : digits;
  number.exponent = field ? field - 1 : 0;
#elif defined(INFINITE)
  const int field = (int)(bits >> 23);
  const u64 digits = bits & 0x007fffffu;
  number.mantissa = field ? digits | 0x00800000u : digits;
  number.exponent = field ? field - 1 : 0;
#else
  number.mantissa = bits;
  number.exponent = 0;
#endif
  const int shift = LEADING_ZEROS_64(number.mantissa);
  number.mantissa <<= shift;
  number.exponent -= shift;
  return number;
}

// Sign of error / scale - other_error / other_scale; errors and scales are above 0.
DEVICE int OrderOf(Bits error, Bits scale, Bits other_error, Bits other_scale) {
  if (error == other_error && scale == other_scale) return 0;
  const Number a = NumberOf(error), b = NumberOf(scale);
  const Number c = NumberOf(other_error), d = NumberOf(other_scale);
  // Products are at least 2^126 and below 2^128, so that exponents two apart decide.
  const int apart = a.exponent + d.exponent - c.exponent - b.exponent;
  if (apart >= 2) return 1;
  if (apart <= -2) return -1;
  u64 high = HIGH_PRODUCT(a.mantissa, d.mantissa), low = a.mantissa * d.mantissa;
  u64 other_high = HIGH_PRODUCT(c.mantissa, b.mantissa), other_low = c.mantissa * b.mantissa;
  int lost = 0;  // of the one that is halved
  if (apart == 1) {
    lost = -(int)(other_low & 1);
    other_low = (other_low >> 1) | (other_high << 63);
    other_high >>= 1;
  } else if (apart == -1) {
    lost = (int)(low & 1);
    low = (low >> 1) | (high << 63);
    high >>= 1;
  }
  if (high != other_high) return high > other_high ? 1 : -1;
  if (low != other_low) return low > other_low ? 1 : -1;
  return lost;
}

// A number a little below error / scale, or far below it where that is out of range.
DEVICE float BelowFraction(Bits error, Bits scale) {
  const Number a = NumberOf(error), b = NumberOf(scale);
  const int power = a.exponent - b.exponent;
  if (power < -100) return 0.0f;
  const float ratio = (float)(u32)(a.mantissa >> 40) / (float)(u32)(b.mantissa >> 40);
  return ratio * 0.9999f * AS_FLOAT((u32)(127 + (power > 100 ? 100 : power)) << 23);
}

// Whether error / scale is surely less than what `below` was made of. Margins cover the rounding,
// and what a device may do to denormal numbers.
DEVICE int SurelyLess(Bits error, Bits scale, float below) {
#if defined(ELEMENT_FLOAT64)
  const double product = (double)below * AS_DOUBLE(scale);
  return product > 1e-300 && AS_DOUBLE(error) < product;
#elif defined(INFINITE)
  const float product = below * AS_FLOAT(scale);
  return product > 1e-36f && AS_FLOAT(error) < product;
#else
  return (float)error < below * (float)scale;
#endif
}
