// What the host's comparators say of pairs that are worked out by hand.
#include "verify/comparison.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <vector>

#include "verify/element.h"

namespace mutatenn::verify {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kDenormal = std::numeric_limits<float>::denorm_min();

Record Floats(const std::vector<float>& a, const std::vector<float>& b, int k = 0) {
  return Compare(a.data(), b.data(), "float32", a.size(), k);
}

float Float(uint64_t bits) { return BitCast<float>(static_cast<uint32_t>(bits)); }

TEST(Comparison, OfNothingFindsNothing) {
  const Record record = Floats({}, {}, 5);
  EXPECT_EQ(record.differing, 0U);
  EXPECT_EQ(record.first_differing, kNone);
  EXPECT_EQ(record.top_index[0], kNone);
  EXPECT_EQ(record.leaders[0][0], kNone);
  EXPECT_EQ(record.checksum[0], 0U);
}

TEST(Comparison, GivesTheLowestIndexOnTies) {
  const Record record = Floats({1, 2, 4, 4}, {1, 3, 5, 4});
  EXPECT_EQ(record.differing, 2U);
  EXPECT_EQ(record.first_differing, 1);
  EXPECT_EQ(Float(record.abs_error), 1.0F);
  EXPECT_EQ(record.abs_index, 1);
  EXPECT_EQ(record.rel_index, 1);
  EXPECT_EQ(record.top_index[0], 2);
  EXPECT_EQ(record.top_index[1], 2);
}

TEST(Comparison, TellsRelativeErrorsApartThatRoundToTheSame) {
  // (2^23 - 1) / 2^23 and 2^23 / (2^23 + 1) are 2^-46 apart: one float32.
  const Record record = Floats({8388608, 8388609}, {1, 1});
  EXPECT_EQ(Float(record.rel_error) / Float(record.rel_scale), 8388607.0F / 8388608.0F);
  EXPECT_EQ(record.rel_index, 1);
}

TEST(Comparison, MeasuresBesideZeroAgainstTheSmallestNormalNumber) {
  const Record record = Floats({0}, {kDenormal});
  EXPECT_EQ(Float(record.rel_error), kDenormal);
  EXPECT_EQ(Float(record.rel_scale), std::numeric_limits<float>::min());
  EXPECT_EQ(record.ulp[1], 1U);
}

TEST(Comparison, TakesTwoNanOrTwoZerosForTheSameValue) {
  const float other = BitCast<float>(0x7fc00001U);
  const Record record = Floats({kNan, 0.0F}, {other, -0.0F});
  EXPECT_EQ(record.differing, 2U);
  EXPECT_EQ(record.abs_index, kNone);
  EXPECT_EQ(record.ulp[0], 2U);
  EXPECT_EQ(record.one_nan, 0U);
  EXPECT_EQ(record.classes[1][3], 1U);
}

TEST(Comparison, TakesNanAndInfinityForInfinitelyFar) {
  const Record record = Floats({kNan, kInf, -kInf, kInf}, {1, 1, kInf, kInf});
  EXPECT_EQ(Float(record.abs_error), kInf);
  EXPECT_EQ(record.abs_index, 0);
  EXPECT_EQ(record.rel_index, 0);
  EXPECT_EQ(record.one_nan, 1U);
  EXPECT_EQ(record.classes[0][1], 2U);
  EXPECT_EQ(record.classes[0][2], 1U);
}

TEST(Comparison, RanksNothingWithANan) {
  const Record record = Floats({kNan, 2}, {1, 2}, 2);
  EXPECT_EQ(record.top_index[0], kNone);
  EXPECT_EQ(record.leaders[0][0], kNone);
  EXPECT_EQ(record.leaders[1][0], 1);
  EXPECT_EQ(record.leaders[1][1], 0);
  EXPECT_EQ(record.leaders[1][2], kNone);
}

TEST(Comparison, BinsDistancesByPowersOfTwo) {
  const std::vector<int64_t> a(6, std::numeric_limits<int64_t>::min());
  std::vector<int64_t> b = a;
  const uint64_t distances[] = {0, 1, 2, 4, 5, std::numeric_limits<uint64_t>::max()};
  for (int at = 0; at < 6; ++at) {
    b[at] = static_cast<int64_t>(static_cast<uint64_t>(a[at]) + distances[at]);
  }
  const Record record = Compare(a.data(), b.data(), "int64", a.size(), 0);
  for (int bin : {0, 1, 2, 3, 4, 65}) EXPECT_EQ(record.ulp[bin], 1U) << bin;
  EXPECT_EQ(record.abs_error, distances[5]);
}

TEST(Comparison, WidensSixteenBits) {
  const uint16_t a[] = {0x3c00, 0x0001}, b[] = {0x3c01, 0x0000};
  const Record halves = Compare(a, b, "float16", 2, 0);
  EXPECT_EQ(Float(halves.abs_error), 0x1p-10F);
  const uint16_t c[] = {0x3f80}, d[] = {0x3f81};
  EXPECT_EQ(Float(Compare(c, d, "bfloat16", 1, 0).abs_error), 0x1p-7F);
}

TEST(Comparison, ChecksumsSeeSwapsAndSignsAndNotTheOtherBuffer) {
  const Record one = Floats({1, 2, 3, 4, 5}, {1, 2, 3, 5, 4});
  EXPECT_NE(one.checksum[0], one.checksum[1]);
  const Record flipped = Floats({1, 2, 3, 4, 5}, {-1, -2, 3, 4, 5});
  EXPECT_NE(flipped.checksum[0], flipped.checksum[1]);
  EXPECT_EQ(flipped.checksum[0], one.checksum[0]);
}

TEST(Comparison, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(Compare(nullptr, nullptr, "float8", 0, 0), std::invalid_argument);
  EXPECT_THROW(Compare(nullptr, nullptr, "float32", 0, 17), std::invalid_argument);
}

}  // namespace
}  // namespace mutatenn::verify
