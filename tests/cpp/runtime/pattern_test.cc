// Fill patterns, damage in painted zones, the painted stack.
#include "runtime/pattern.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

namespace mutatenn::runtime {
namespace {

template <typename Number>
Number Filled(Pattern pattern) {
  Number number;
  std::memset(&number, PatternByte(pattern), sizeof(number));
  return number;
}

TEST(Pattern, AIsNotANumberAndMinusOne) {
  EXPECT_TRUE(std::isnan(Filled<float>(kPatternA)));
  EXPECT_TRUE(std::isnan(Filled<double>(kPatternA)));
  EXPECT_EQ(Filled<int32_t>(kPatternA), -1);
}

TEST(Pattern, BIsLargeAndFinite) {
  EXPECT_TRUE(std::isfinite(Filled<float>(kPatternB)));
  EXPECT_GT(Filled<float>(kPatternB), 1e30F);
  EXPECT_TRUE(std::isfinite(Filled<double>(kPatternB)));
  EXPECT_GT(Filled<double>(kPatternB), 1e200);
}

TEST(Damage, IntactZonesHaveNone) {
  const std::vector<uint8_t> zone(100, 0xFF);
  EXPECT_EQ(FindDamageBefore(zone.data(), zone.data() + 100, 0xFF).count, 0);
  EXPECT_EQ(FindDamageAfter(zone.data(), zone.data() + 100, 0xFF).count, 0);
  EXPECT_EQ(FindDamageAfter(zone.data(), zone.data(), 0xFF).count, 0);
}

TEST(Damage, DistanceIsThatOfTheFarthestByte) {
  std::vector<uint8_t> zone(100, 0xFF);
  zone[10] = zone[95] = 0;
  const Damage before = FindDamageBefore(zone.data(), zone.data() + 100, 0xFF);
  EXPECT_EQ(before.distance, 90);
  EXPECT_EQ(before.count, 2);
  const Damage after = FindDamageAfter(zone.data(), zone.data() + 100, 0xFF);
  EXPECT_EQ(after.distance, 96);
  EXPECT_EQ(after.count, 2);
}

TEST(Damage, IsFoundAnywhereInALongZone) {
  for (const size_t size : {1023, 1024, 1025, 70000}) {
    std::vector<uint8_t> zone(size, 0x7B);
    const uint8_t* end = zone.data() + size;
    for (const size_t at : {size_t{0}, size / 2, size - 1}) zone[at] = 0;
    const int64_t whole = static_cast<int64_t>(size);
    EXPECT_EQ(FindDamageBefore(zone.data(), end, 0x7B).count, 3);
    EXPECT_EQ(FindDamageBefore(zone.data(), end, 0x7B).distance, whole);
    EXPECT_EQ(FindDamageAfter(zone.data(), end, 0x7B).count, 3);
    EXPECT_EQ(FindDamageAfter(zone.data(), end, 0x7B).distance, whole);
  }
}

TEST(Damage, TheAdjacentByteIsAtDistanceOne) {
  std::vector<uint8_t> zone(8, 0x7B);
  zone[0] = 0;
  EXPECT_EQ(FindDamageAfter(zone.data(), zone.data() + 8, 0x7B).distance, 1);
  EXPECT_EQ(FindDamageBefore(zone.data(), zone.data() + 8, 0x7B).distance, 8);
}

// Stands for a kernel, in whose frames no sanitizer leaves zones of its own.
[[gnu::noinline, gnu::no_sanitize_address]] int CountBytesBelow(uint8_t value) {
  volatile uint8_t area[4096];  // left uninitialised on purpose
  asm volatile("" : : "r"(area) : "memory");
  int count = 0;
  for (size_t i = 0; i < sizeof(area); ++i) count += area[i] == value ? 1 : 0;
  return count;
}

TEST(PaintStack, ReachesTheLocalsOfACallee) {
  PaintStack(0x5A);
  EXPECT_GT(CountBytesBelow(0x5A), 4000);
}

}  // namespace
}  // namespace mutatenn::runtime
