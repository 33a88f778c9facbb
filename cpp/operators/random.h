// Seeded random numbers that are the same with every compiler and library.
#ifndef MUTATENN_OPERATORS_RANDOM_H_
#define MUTATENN_OPERATORS_RANDOM_H_

#include <cmath>
#include <cstdint>

namespace mutatenn::operators {

// SplitMix64; the standard's distributions differ from library to library.
class Random {
 public:
  explicit Random(int64_t seed) : state_(static_cast<uint64_t>(seed)) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // A number from 0 to `end` - 1; `end` is far below 2^64, so the bias is none that can be seen.
  int64_t Below(int64_t end) { return static_cast<int64_t>(Next() % static_cast<uint64_t>(end)); }

  // From the standard normal distribution (Box and Muller, 1958).
  double Normal() {
    constexpr double kTwoPi = 6.283185307179586;
    // One after the other: the order of operands is the compiler's choice.
    const double radius = std::sqrt(-2 * std::log(Uniform()));
    return radius * std::cos(kTwoPi * Uniform());
  }

 private:
  // Above 0, at most 1.
  double Uniform() { return (static_cast<double>(Next() >> 11) + 1) * 0x1p-53; }

  uint64_t state_;
};

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_RANDOM_H_
