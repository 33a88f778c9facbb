// One element: what its bits mean. Only + and - of floats are used, and none where a number or a
// result could be denormal in 32 bits, so that devices that flush these give the same answers.
#if defined(ELEMENT_FLOAT64) || defined(ELEMENT_INT64)
#define WIDTH 64
typedef u64 Bits;   // an element's bits, zero-extended; also an error, and what it is relative to
typedef i64 Steps;  // a value's place among those of its type, 0 for zero
#define LEADING_ZEROS(x) LEADING_ZEROS_64(x)
#else
typedef u32 Bits;
typedef i32 Steps;
#define LEADING_ZEROS(x) LEADING_ZEROS_32(x)
#endif

#if defined(ELEMENT_FLOAT64)
#define SIGN 0x8000000000000000ul
#define INFINITE 0x7ff0000000000000ul
#define ERROR_INFINITE INFINITE
#define TINY 0x0010000000000000ul
#elif defined(ELEMENT_FLOAT32)
#define WIDTH 32
#define SIGN 0x80000000u
#define INFINITE 0x7f800000u
#define ERROR_INFINITE INFINITE
#define TINY 0x00800000u
#elif defined(ELEMENT_BFLOAT16)
#define WIDTH 16
#define SIGN 0x8000u
#define INFINITE 0x7f80u
#define ERROR_INFINITE 0x7f800000u
#define TINY 0x00800000u
#elif defined(ELEMENT_FLOAT16)
#define WIDTH 16
#define SIGN 0x8000u
#define INFINITE 0x7c00u
#define ERROR_INFINITE 0x7f800000u
#define TINY 0x38800000u  // 2^-14 as float32
#elif defined(ELEMENT_INT32)
#define WIDTH 32
#elif defined(ELEMENT_INT16)
#define WIDTH 16
#elif defined(ELEMENT_INT8) || defined(ELEMENT_UINT8)
#define WIDTH 8
#endif

// Number of the bin of a distance: 0, 1, 2, 3-4, 5-8, ...
DEVICE int BinOf(Bits distance) {
  return distance == 0 ? 0 : (int)(8 * sizeof(Bits)) + 1 - LEADING_ZEROS(distance - 1);
}

DEVICE Bits Apart(Steps one, Steps other) {
  return one > other ? (Bits)one - (Bits)other : (Bits)other - (Bits)one;
}

#ifdef INFINITE
#define IS_NAN(bits) (((bits) & (SIGN - 1)) > INFINITE)
// NaN, infinity or -0.
#define IS_SPECIAL(bits) (((bits) & (SIGN - 1)) >= INFINITE || (bits) == SIGN)

// 0 NaN, 1 +infinity, 2 -infinity, 3 -0: of a special value.
DEVICE int ClassOf(Bits bits) {
  return (bits == INFINITE) + 2 * (bits == (SIGN | INFINITE)) + 3 * (bits == SIGN);
}

DEVICE Steps StepsOf(Bits bits) {
  const Steps magnitude = (Steps)(bits & (SIGN - 1));
  return bits & SIGN ? -magnitude : magnitude;
}

#ifdef ELEMENT_FLOAT64
#define WIDENED(bits) (bits)
DEVICE Bits Difference(Bits a, Bits b) { return AS_U64(AS_DOUBLE(a) - AS_DOUBLE(b)) & (SIGN - 1); }
#else

#if defined(ELEMENT_FLOAT16)
// The same number as float32, by its bits.
DEVICE u32 Widen(u32 bits) {
  const u32 sign = (bits & SIGN) << 16, magnitude = bits & (SIGN - 1);
  if (magnitude >= INFINITE) return sign | ((magnitude << 13) + 0x70000000u);
  if (magnitude >= 0x400u) return sign | ((magnitude << 13) + 0x38000000u);
  return sign | AS_U32((float)magnitude * 5.9604644775390625e-8f);  // units of 2^-24
}
#define WIDENED(bits) Widen(bits)
#elif defined(ELEMENT_BFLOAT16)
#define WIDENED(bits) ((bits) << 16)
#else
#define WIDENED(bits) (bits)
#endif

// A small magnitude in units of 2^-149.
DEVICE u64 UnitsOf(u32 magnitude) {
  if (magnitude < 0x00800000u) return magnitude;
  return (u64)((magnitude & 0x007fffffu) | 0x00800000u) << ((magnitude >> 23) - 1);
}

// The float32 nearest to so many units, ties to even, by its bits.
DEVICE u32 FromUnits(u64 units) {
  const int shift = 64 - 24 - LEADING_ZEROS_64(units);
  if (units < 0x01000000u) return (u32)units;
  const u64 rest = units & (((u64)1 << shift) - 1), middle = (u64)1 << (shift - 1);
  const u32 kept = (u32)(units >> shift);
  return kept + ((u32)shift << 23) + (rest > middle || (rest == middle && (kept & 1)) ? 1 : 0);
}

// |a - b| of two float32, rounded once, by their bits.
DEVICE u32 Difference(u32 a, u32 b) {
  const u32 one = a & 0x7fffffffu, other = b & 0x7fffffffu;
  // From an exponent of 32 on no difference is denormal, and a denormal operand changes nothing.
  if (one >= 0x10000000u || other >= 0x10000000u) {
    return AS_U32(AS_FLOAT(a) - AS_FLOAT(b)) & 0x7fffffffu;
  }
  const u64 first = UnitsOf(one), second = UnitsOf(other);
  if ((a ^ b) >> 31) return FromUnits(first + second);
  return FromUnits(first > second ? first - second : second - first);
}
#endif

// The error of b where both are finite.
#define DIFFERENCE(a, b) Difference(WIDENED(a), WIDENED(b))

// The error of b where its bits are not a's: 0 for two NaN, infinite for anything else that is
// not finite.
DEVICE Bits ErrorOf(Bits a, Bits b) {
  if ((a & (SIGN - 1)) >= INFINITE || (b & (SIGN - 1)) >= INFINITE) {
    return IS_NAN(a) && IS_NAN(b) ? 0 : ERROR_INFINITE;
  }
  return DIFFERENCE(a, b);
}

// What an error other than 0 is relative to: the magnitude of a, at least the smallest normal.
DEVICE Bits ScaleOf(Bits a, Bits error) {
  const Bits magnitude = WIDENED(a & (SIGN - 1));
  return error == ERROR_INFINITE || magnitude < TINY ? TINY : magnitude;
}

#else  // integers

DEVICE Steps StepsOf(Bits bits) {
#if defined(ELEMENT_INT64) || defined(ELEMENT_UINT8)
  return (Steps)bits;
#else
  return (Steps)(bits << (32 - WIDTH)) >> (32 - WIDTH);
#endif
}

#define DIFFERENCE(a, b) Apart(StepsOf(a), StepsOf(b))
DEVICE Bits ErrorOf(Bits a, Bits b) { return DIFFERENCE(a, b); }

DEVICE Bits ScaleOf(Bits a, Bits error) {
  const Bits magnitude = Apart(StepsOf(a), 0);
  return magnitude == 0 ? 1 : magnitude;
}
#endif
