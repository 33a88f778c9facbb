// Number formats: rounding, ranges, and which type holds which.
#include "../../../cpp/ir/format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mutatenn::ir {
namespace {

double Through(const char* type, double value) { return Rounded(TypeNamed(type), value); }
bool Holds(const char* type, const char* of) { return HoldsAll(TypeNamed(type), TypeNamed(of)); }

TEST(Format, RoundsToTheNearestTiesToEven) {
  EXPECT_EQ(Through("float32", 1.00000001), 1);
  EXPECT_EQ(Through("float32", 1 + 0x1p-23), 1 + 0x1p-23);
  EXPECT_EQ(Through("float16", 1 + 0x1p-11), 1);
  EXPECT_EQ(Through("float16", 1 + 3 * 0x1p-11), 1 + 0x1p-9);
  EXPECT_EQ(Through("bfloat16", -0.1), -0.10009765625);
  EXPECT_EQ(Through("float64", 0.1), 0.1);
}

TEST(Format, RoundsSubnormalNumbersToFewerDigits) {
  EXPECT_EQ(Through("float16", 0x1p-24), 0x1p-24);
  EXPECT_EQ(Through("float16", 0x1p-25), 0);
  EXPECT_EQ(Through("float16", 0x1.8p-25), 0x1p-24);
}

TEST(Format, IsInfiniteBeyondTheLargestNumber) {
  EXPECT_EQ(Through("float16", 65519), 65504);
  EXPECT_EQ(Through("float16", 65520), std::numeric_limits<double>::infinity());
  EXPECT_EQ(Through("float32", -1e39), -std::numeric_limits<double>::infinity());
}

TEST(Format, AFloatHoldsIntegersOfItsPrecisionAndRange) {
  EXPECT_TRUE(Holds("float16", "int8"));
  EXPECT_TRUE(Holds("bfloat16", "uint8"));
  EXPECT_FALSE(Holds("float16", "int16"));
  EXPECT_FALSE(Holds("float8_e4m3fn", "int8"));
  EXPECT_TRUE(Holds("float8_e5m2", "bool"));
}

TEST(Format, ATypeHoldsTheNarrowerOfItsKindOnly) {
  EXPECT_TRUE(Holds("int32", "uint16"));
  EXPECT_FALSE(Holds("int16", "uint16"));
  EXPECT_FALSE(Holds("uint32", "int8"));
  EXPECT_FALSE(Holds("float16", "bfloat16"));
  EXPECT_FALSE(Holds("bfloat16", "float16"));
  EXPECT_TRUE(Holds("float16", "float8_e5m2"));
  EXPECT_TRUE(Holds("bfloat16", "float8_e4m3fn"));
  EXPECT_FALSE(Holds("int32", "float16"));
}

TEST(Format, TheLargestNumberBelowAPowerOfTwoHasTheGivenPrecision) {
  EXPECT_EQ(LargestBelow(31, 24), 2147483520);
  EXPECT_EQ(LargestBelow(7, 24), 127);
  EXPECT_EQ(LargestBelow(7, 4), 120);
  EXPECT_EQ(LargestBelow(15, 8), 32640);
}

TEST(Format, FitsIsTheRangeOfAnIntegerType) {
  EXPECT_TRUE(Fits(TypeNamed("int8"), -128));
  EXPECT_FALSE(Fits(TypeNamed("int8"), 128));
  EXPECT_FALSE(Fits(TypeNamed("uint8"), -1));
  EXPECT_TRUE(Fits(TypeNamed("uint8"), 255));
}

}  // namespace
}  // namespace mutatenn::ir
