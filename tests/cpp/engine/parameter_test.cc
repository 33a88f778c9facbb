// Parameters: what they accept, and the one spelling of each value.
#include "../../../cpp/engine/parameter.h"

#include <gtest/gtest.h>

#include "../ir/builder.h"

namespace mutatenn::engine {
namespace {

using testing_ir::ErrorOf;

const Parameter kSide{"side", {"left", "right"}, "left", "Which operand."};
const Parameter kStep{"by", {"1", "-1"}, "both", "How far.", Form::kInteger, -8, 8};
const Parameter kShare{"share", {"0.5"}, "0.5", "How much.", Form::kNumber, 0};
const Parameter kAny{"amount", {"1"}, "1", "How much.", Form::kNumber};

std::string Spelled(const Parameter& parameter, const std::string& value) {
  return parameter.Spelled("shift", value);
}

std::string Refusal(const Parameter& parameter, const std::string& value) {
  return ErrorOf([&] { Spelled(parameter, value); });
}

TEST(Parameter, AnIntegerHasOneSpelling) {
  EXPECT_EQ(Spelled(kStep, "3"), "3");
  EXPECT_EQ(Spelled(kStep, "+3"), "3");
  EXPECT_EQ(Spelled(kStep, "-03"), "-3");
}

TEST(Parameter, ANumberHasOneSpelling) {
  for (const char* text : {"0.5", ".5", "0.50", "5e-1", "+0.5"}) {
    EXPECT_EQ(Spelled(kShare, text), "0.5") << text;
  }
  EXPECT_EQ(Spelled(kAny, "1e-08"), "1e-08");
  EXPECT_EQ(Spelled(kAny, "-0"), "0");
}

TEST(Parameter, OperatorsAreJoinedByAPlus) {
  const Parameter functions{"functions", {}, "any", "Which.", Form::kOperators};
  EXPECT_EQ(Spelled(functions, "nn.conv2d+add"), "nn.conv2d+add");
  for (const char* text : {"", "+", "nn.conv2d+", "nn.conv9d", "relax.add"}) {
    EXPECT_NE(Refusal(functions, text).find("operators of Relax"), std::string::npos) << text;
  }
  EXPECT_EQ(SplitNames("a+b"), (std::vector<std::string_view>{"a", "b"}));
}

TEST(Parameter, WhatIsNoNumberIsRefused) {
  for (const char* text : {"", "one", "1,5", "1.5.2", "nan", "inf", "--1", "+-1", "1 "}) {
    EXPECT_NE(Refusal(kAny, text), "") << text;
  }
  EXPECT_NE(Refusal(kStep, "1.5"), "");
  EXPECT_NE(Refusal(kStep, "99999999999999999999"), "");
}

TEST(Parameter, WhatIsOutOfRangeIsRefusedInOneSentenceWithTheRange) {
  EXPECT_EQ(Refusal(kStep, "9"),
            "shift parameter 'by' cannot be '9'; give an integer from -8 to 8");
  EXPECT_EQ(Refusal(kShare, "-1"),
            "shift parameter 'share' cannot be '-1'; give a number of 0 or more");
  EXPECT_EQ(Refusal(kSide, "up"),
            "shift parameter 'side' cannot be 'up'; give one of: left, right");
  EXPECT_EQ(kAny.Accepted(), "a number");
}

TEST(Parameter, AValueThatIsAskedForReplacesThoseOffered) {
  EXPECT_EQ(ValuesOf({}, "by", {"1", "-1"}), (std::vector<std::string>{"1", "-1"}));
  EXPECT_EQ(ValuesOf({{"by", "7"}}, "by", {"1", "-1"}), std::vector<std::string>{"7"});
}

TEST(Parameter, AValueIsReadBackAsTheNumberItWas) {
  EXPECT_EQ(IntegerOf(Spelled(kStep, "-8")), -8);
  EXPECT_EQ(NumberOf(Spelled(kAny, "0.1")), 0.1);
}

}  // namespace
}  // namespace mutatenn::engine
