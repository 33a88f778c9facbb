// `swap-cmp`: choices, preferences and both readings of a comparison.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "offered.h"

namespace mutatenn::operators {
namespace {

using namespace testing_ir;         // NOLINT(build/namespaces)
using namespace testing_operators;  // NOLINT(build/namespaces)
using Texts = std::vector<std::string>;

Any Compared(const std::string& name) { return Binary(name, Var("a"), Var("b")); }

TEST(SwapCmp, OffersTheOffByOneNeighbourFirst) {
  const std::vector<std::pair<std::string, std::string>> partners = {
      {"LT", "to=le"}, {"LE", "to=lt"}, {"GT", "to=ge"},
      {"GE", "to=gt"}, {"EQ", "to=ne"}, {"NE", "to=eq"}};
  for (const auto& [node, partner] : partners) {
    EXPECT_EQ(Offered("swap-cmp", Compared(node)).front(), partner) << node;
  }
}

TEST(SwapCmp, OffersEveryOtherComparisonAndBothConstantsOnce) {
  for (const char* node : {"LT", "LE", "GT", "GE", "EQ", "NE"}) {
    Texts offered = Offered("swap-cmp", Compared(node));
    EXPECT_EQ(std::set<std::string>(offered.begin(), offered.end()).size(), 7u) << node;
  }
}

TEST(SwapCmp, MakesTheComparisonThatWasChosen) {
  const std::vector<std::pair<std::string, std::string>> nodes = {{"le", "prim.LE"},
                                                                  {"gt", "prim.GT"},
                                                                  {"ge", "prim.GE"},
                                                                  {"eq", "prim.EQ"},
                                                                  {"ne", "prim.NE"}};
  for (const auto& [to, key] : nodes) {
    EXPECT_EQ(Made("swap-cmp", Compared("LT"), {{"to", to}}), key);
  }
}

TEST(SwapCmp, ReadsAComparisonFromTheRightToo) {
  EXPECT_EQ(Offered("swap-cmp", Compared("LT"), {{"from", "gt"}, {"to", "ge"}}), Texts{"to=le"});
  EXPECT_EQ(Offered("swap-cmp", Compared("GE"), {{"from", "le"}, {"to", "lt"}}), Texts{"to=gt"});
}

TEST(SwapCmp, ReadsEqualityTheSameFromBothSides) {
  EXPECT_EQ(Offered("swap-cmp", Compared("EQ"), {{"from", "eq"}, {"to", "lt"}}), Texts{"to=lt"});
}

TEST(SwapCmp, OffersNothingForAComparisonThatIsNotOfTheKindAskedFor) {
  EXPECT_EQ(Offered("swap-cmp", Compared("LT"), {{"from", "le"}}), Texts{});
}

TEST(SwapCmp, NeverOffersTheComparisonThatIsThere) {
  EXPECT_EQ(Offered("swap-cmp", Compared("LT"), {{"from", "lt"}, {"to", "lt"}}), Texts{});
  EXPECT_EQ(Offered("swap-cmp", Compared("LT"), {{"from", "gt"}, {"to", "gt"}}), Texts{});
  EXPECT_EQ(Offered("swap-cmp", Compared("EQ"), {{"to", "eq"}}), Texts{});
}

TEST(SwapCmp, WithoutFromReadsFromTheRightWhatIsAlreadyTheComparisonAskedFor) {
  EXPECT_EQ(Offered("swap-cmp", Compared("LE"), {{"to", "le"}}), Texts{"to=ge"});
  EXPECT_EQ(Offered("swap-cmp", Compared("LT"), {{"to", "le"}}), Texts{"to=le"});
}

TEST(SwapCmp, AlsoComparesFloatingPointNumbers) {
  EXPECT_EQ(Offered("swap-cmp", Binary("LT", Float(1), Float(2))).size(), 7u);
}

// What a comparison gives for less, equal and greater.
const std::map<std::string, std::array<bool, 3>> kTruth = {
    {"lt", {true, false, false}}, {"le", {true, true, false}},     {"gt", {false, false, true}},
    {"ge", {false, true, true}},  {"eq", {false, true, false}},    {"ne", {true, false, true}},
    {"true", {true, true, true}}, {"false", {false, false, false}}};

TEST(SwapCmp, KeepsOneReplacementOfIntegersForEachOfLessEqualAndGreater) {
  const std::vector<std::pair<std::string, std::string>> nodes = {
      {"lt", "LT"}, {"le", "LE"}, {"gt", "GT"}, {"ge", "GE"}, {"eq", "EQ"}, {"ne", "NE"}};
  for (const auto& [name, node] : nodes) {
    std::array<int, 3> covered = {};
    for (const std::string& kept : Enough("swap-cmp", Compared(node))) {
      int differs = 0;
      for (size_t i = 0; i < 3; ++i) {
        if (kTruth.at(kept.substr(3))[i] == kTruth.at(name)[i]) continue;
        ++differs;
        ++covered[i];
      }
      EXPECT_EQ(differs, 1) << node << " " << kept;
    }
    EXPECT_EQ(covered, (std::array<int, 3>{1, 1, 1})) << node;
  }
}

TEST(SwapCmp, KeepsAllReplacementsOfFloatingPointNumbers) {
  EXPECT_EQ(Enough("swap-cmp", Binary("LT", Float(1), Float(2))).size(), 7u);
}

TEST(SwapCmp, AConstantIsTheSameInBothReadings) {
  EXPECT_EQ(Offered("swap-cmp", Compared("LT"), {{"from", "gt"}, {"to", "true"}}),
            Texts{"to=true"});
  EXPECT_EQ(Made("swap-cmp", Compared("LT"), {{"to", "true"}}), "ir.IntImm");
}

}  // namespace
}  // namespace mutatenn::operators
