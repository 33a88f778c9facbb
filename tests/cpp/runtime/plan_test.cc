// Reading a plan, and refusing one that does not fit its files.
#include "runtime/plan.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace mutatenn::runtime {
namespace {

constexpr char kText[] = R"(mutatenn-plan 5
rows 3 rows_cached 2 guard_bytes 65536 oob trap poison 1
floor_ms 1000 factor 2.5 memory_mb 64 golden_ms 5000 total_ms 9000
seconds 64 activations 128 64
row_records 512
write_records 576 4
flags 736 5
steps 760
buffers 3
buffer input 32 0 2 32 1 2 2 4
buffer weight 4 0 0 32 1 0
buffer activation 32 0 2 32 1 1 8
kernels 1
kernel fused%20add /a%25b/k.so
launches 1
launch 0 2 1 0 1 2
outputs 1
output 2 256 768 896
variant 0 0
)";

constexpr FileSizes kFiles = {96, 4, 352, 992};

std::string ParseError(const std::string& text) {
  try {
    ParsePlan(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

std::string CheckError(const Plan& plan, const FileSizes& files = kFiles) {
  try {
    CheckPlan(plan, files);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(Plan, IsRead) {
  const Plan plan = ParsePlan(kText);
  EXPECT_EQ(plan.rows, 3);
  EXPECT_EQ(plan.factor, 2.5);
  EXPECT_TRUE(plan.trap);
  EXPECT_TRUE(plan.poison);
  EXPECT_EQ(plan.total_ms, 9000);
  EXPECT_EQ(plan.flags, 736U);
  EXPECT_EQ(plan.flag_capacity, 5U);
  EXPECT_EQ(plan.steps, 760U);
  ASSERT_EQ(plan.buffers.size(), 3U);
  EXPECT_EQ(plan.buffers[0].shape, (std::vector<int64_t>{2, 4}));
  EXPECT_TRUE(plan.buffers[1].shape.empty());
  EXPECT_EQ(plan.buffers[2].role, Role::kActivation);
  EXPECT_EQ(plan.kernels[0].name, "fused add");
  EXPECT_EQ(plan.kernels[0].path, "/a%b/k.so");
  EXPECT_EQ(plan.launches[0].inputs, (std::vector<int32_t>{0, 1}));
  EXPECT_EQ(plan.launches[0].outputs, (std::vector<int32_t>{2}));
  EXPECT_EQ(plan.outputs[0].b, 896U);
  EXPECT_EQ(CheckError(plan), "");
}

// The text with another program over the same data: a launch into a buffer of its own, which is
// the output then.
std::string WithVariant(const std::string& launch) {
  std::string text = kText;
  text.replace(text.find("buffers 3"), 9, "buffers 4");
  text.replace(text.find("kernels 1"), 0, "buffer fresh 32 0 2 32 1 1 8\n");
  text.replace(text.find("variant 0 0"), 11, "variant 1 1\n" + launch + "\ngives 3");
  return text;
}

TEST(Plan, AVariantIsRead) {
  const Plan plan = ParsePlan(WithVariant("mutated 7 launch 0 2 1 0 1 3"));
  ASSERT_EQ(plan.variant.size(), 1U);
  EXPECT_TRUE(plan.variant[0].mutated);
  EXPECT_EQ(plan.variant[0].limit_ms, 7);
  EXPECT_EQ(plan.variant[0].launch.index, 1);
  EXPECT_EQ(plan.variant[0].launch.outputs, (std::vector<int32_t>{3}));
  EXPECT_EQ(plan.variant_outputs, (std::vector<int32_t>{3}));
  EXPECT_EQ(CheckError(plan), "");
}

TEST(Plan, AKeptLaunchOfAVariantHasGoldenOutputs) {
  const Plan plan = ParsePlan(WithVariant("kept 7 launch 0 2 1 0 1 3"));
  EXPECT_NE(CheckError(plan).find("launch 1"), std::string::npos);
}

TEST(Plan, AVariantGivesEveryOutput) {
  Plan plan = ParsePlan(WithVariant("mutated 7 launch 0 2 1 0 1 3"));
  plan.variant_outputs.push_back(2);
  EXPECT_NE(CheckError(plan).find("the variant's outputs"), std::string::npos);
}

TEST(Plan, AMissingWordIsNamed) {
  std::string text = kText;
  text.replace(text.find("kernels"), 7, "kernel");
  EXPECT_EQ(ParseError(text), "the plan lacks 'kernels' before kernel");
}

TEST(Plan, ATruncatedTextIsRefused) {
  const std::string text(kText);
  EXPECT_EQ(ParseError(text.substr(0, text.find(" 896"))),
            "the plan lacks a second output's offset");
}

TEST(Plan, AnotherVersionIsRefused) {
  EXPECT_NE(ParseError("mutatenn-plan 1\n").find("another version"), std::string::npos);
}

TEST(Plan, OobIsContainOrTrap) {
  std::string text = kText;
  EXPECT_FALSE(ParsePlan(text.replace(text.find("trap"), 4, "contain")).trap);
  EXPECT_EQ(ParseError(text.replace(text.find("contain"), 7, "ignore")),
            "the plan has oob 'ignore', which is neither contain nor trap");
}

TEST(Plan, FlagsBeyondTheirFileAreRefused) {
  Plan plan = ParsePlan(kText);
  plan.flag_capacity = 65;
  EXPECT_EQ(CheckError(plan), "the plan does not fit its memory files: flags");
}

TEST(Plan, StepsBeyondTheirFileAreRefused) {
  Plan plan = ParsePlan(kText);
  plan.steps = kFiles.results - 7;
  EXPECT_EQ(CheckError(plan), "the plan does not fit its memory files: steps");
}

TEST(Plan, AnInputBeyondItsFileIsRefused) {
  EXPECT_EQ(CheckError(ParsePlan(kText), {95, 4, 352, 992}),
            "the plan does not fit its memory files: buffer 0");
}

TEST(Plan, ALaunchThatWritesAWeightIsRefused) {
  Plan plan = ParsePlan(kText);
  plan.launches[0].outputs[0] = 1;
  EXPECT_EQ(CheckError(plan), "the plan does not fit its memory files: launch 0");
}

TEST(Plan, AHugeOffsetDoesNotWrapAround) {
  Plan plan = ParsePlan(kText);
  plan.outputs[0].a = ~size_t{0} - 8;
  EXPECT_EQ(CheckError(plan), "the plan does not fit its memory files: output in buffer 2");
}

TEST(PercentDecode, ABrokenEscapeIsRefused) {
  EXPECT_THROW(PercentDecode("a%2"), std::runtime_error);
  EXPECT_THROW(PercentDecode("a%zz"), std::runtime_error);
  EXPECT_EQ(PercentDecode("%41%62"), "Ab");
}

}  // namespace
}  // namespace mutatenn::runtime
