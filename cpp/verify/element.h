// What the bits of an element mean, for each element type.
#ifndef MUTATENN_VERIFY_ELEMENT_H_
#define MUTATENN_VERIFY_ELEMENT_H_

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace mutatenn::verify {

template <typename To, typename From>
To BitCast(From value) {
  static_assert(sizeof(To) == sizeof(From));
  To made;
  std::memcpy(&made, &value, sizeof(made));
  return made;
}

// A float of kDigits fraction bits in the bits of a Stored; errors are computed as Computed.
template <typename Stored, typename Calculated, int kDigits>
struct FloatElement {
  using Bits = Stored;
  using Computed = Calculated;
  static constexpr int kWidth = 8 * sizeof(Bits);
  static constexpr Bits kSign = static_cast<Bits>(Bits{1} << (kWidth - 1));
  static constexpr Bits kInfinity =
      static_cast<Bits>(((Bits{1} << (kWidth - 1 - kDigits)) - 1) << kDigits);
  static constexpr bool kIsFloat = true;

  static Bits Magnitude(Bits bits) { return static_cast<Bits>(bits & ~kSign); }
  static bool IsNan(Bits bits) { return Magnitude(bits) > kInfinity; }
  static bool IsFinite(Bits bits) { return Magnitude(bits) < kInfinity; }

  static int64_t Steps(Bits bits) {
    const auto magnitude = static_cast<int64_t>(Magnitude(bits));
    return bits & kSign ? -magnitude : magnitude;
  }

  // The same number; of finite ones.
  static Computed Value(Bits bits) {
    if constexpr (sizeof(Bits) == sizeof(Computed)) {
      return BitCast<Computed>(bits);
    } else {
      constexpr int kBias = (1 << (kWidth - 2 - kDigits)) - 1;
      const int exponent = Magnitude(bits) >> kDigits;
      const int fraction = bits & ((1 << kDigits) - 1);
      const int digits = exponent ? fraction | 1 << kDigits : fraction;
      const auto size =
          std::ldexp(static_cast<Computed>(digits), (exponent ? exponent : 1) - kBias - kDigits);
      return bits & kSign ? -size : size;
    }
  }

  // The smallest normal number.
  static Computed Tiny() { return Value(static_cast<Bits>(Bits{1} << kDigits)); }

  // 0 for two NaN, infinity for anything else that is not finite.
  static Computed Error(Bits a, Bits b) {
    if (IsNan(a) && IsNan(b)) return 0;
    if (!IsFinite(a) || !IsFinite(b)) {
      return Steps(a) == Steps(b) ? 0 : std::numeric_limits<Computed>::infinity();
    }
    return std::fabs(Value(a) - Value(b));
  }

  static Computed Scale(Bits a, Computed error) {
    if (std::isinf(error)) return Tiny();
    return std::fmax(std::fabs(Value(a)), Tiny());
  }
};

template <typename Number>
struct IntegerElement {
  using Bits = std::make_unsigned_t<Number>;
  using Computed = uint64_t;
  static constexpr bool kIsFloat = false;

  static bool IsNan(Bits) { return false; }
  static int64_t Steps(Bits bits) { return static_cast<Number>(bits); }
  static uint64_t Apart(int64_t one, int64_t other) {
    return one > other ? static_cast<uint64_t>(one) - static_cast<uint64_t>(other)
                       : static_cast<uint64_t>(other) - static_cast<uint64_t>(one);
  }
  static uint64_t Error(Bits a, Bits b) { return Apart(Steps(a), Steps(b)); }
  static uint64_t Scale(Bits a, uint64_t) { return a == 0 ? 1 : Apart(Steps(a), 0); }
};

using Float64 = FloatElement<uint64_t, double, 52>;
using Float32 = FloatElement<uint32_t, float, 23>;
using BFloat16 = FloatElement<uint16_t, float, 7>;
using Float16 = FloatElement<uint16_t, float, 10>;

// Bits of an error or a scale, as the record holds them.
inline uint64_t RecordBits(double value) { return BitCast<uint64_t>(value); }
inline uint64_t RecordBits(float value) { return BitCast<uint32_t>(value); }
inline uint64_t RecordBits(uint64_t value) { return value; }

}  // namespace mutatenn::verify
#endif  // MUTATENN_VERIFY_ELEMENT_H_
