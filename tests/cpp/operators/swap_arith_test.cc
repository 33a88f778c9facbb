// `swap-arith`: choices on integers and on floats.
#include <gtest/gtest.h>

#include "offered.h"

namespace mutatenn::operators {
namespace {

using namespace testing_ir;         // NOLINT(build/namespaces)
using namespace testing_operators;  // NOLINT(build/namespaces)
using Texts = std::vector<std::string>;

Any Integers(const std::string& name) { return Binary(name, Var("a"), Var("b")); }
Any Floats(const std::string& name) { return Binary(name, Float(1), Float(2)); }

TEST(SwapArith, OffersTheInverseFirst) {
  const std::vector<std::pair<std::string, std::string>> partners = {
      {"Add", "to=sub"},           {"Sub", "to=add"},
      {"Mul", "to=div"},           {"Div", "to=mul"},
      {"FloorDiv", "to=floormod"}, {"FloorMod", "to=floordiv"},
      {"Min", "to=max"},           {"Max", "to=min"}};
  for (const auto& [node, partner] : partners) {
    EXPECT_EQ(Offered("swap-arith", Integers(node)).front(), partner) << node;
  }
}

TEST(SwapArith, OffersSevenReplacementsOnIntegers) {
  EXPECT_EQ(
      Offered("swap-arith", Integers("Add")),
      (Texts{"to=sub", "to=mul", "to=div", "to=floordiv", "to=floormod", "to=min", "to=max"}));
}

TEST(SwapArith, OffersNoFloorOperationsOnFloats) {
  EXPECT_EQ(Offered("swap-arith", Floats("Add")),
            (Texts{"to=sub", "to=mul", "to=div", "to=min", "to=max"}));
}

TEST(SwapArith, MakesTheOperationThatWasChosen) {
  const std::vector<std::pair<std::string, std::string>> nodes = {{"sub", "prim.Sub"},
                                                                  {"mul", "prim.Mul"},
                                                                  {"div", "prim.Div"},
                                                                  {"floordiv", "prim.FloorDiv"},
                                                                  {"floormod", "prim.FloorMod"},
                                                                  {"min", "prim.Min"},
                                                                  {"max", "prim.Max"}};
  for (const auto& [to, key] : nodes) {
    EXPECT_EQ(Made("swap-arith", Integers("Add"), {{"to", to}}), key);
  }
}

TEST(SwapArith, FromNarrowsToOneKind) {
  EXPECT_EQ(Offered("swap-arith", Integers("Add"), {{"from", "mul"}}), Texts{});
  EXPECT_EQ(Offered("swap-arith", Integers("Mul"), {{"from", "mul"}, {"to", "max"}}),
            Texts{"to=max"});
}

TEST(SwapArith, LeavesHandlesAndBooleansAlone) {
  EXPECT_EQ(Offered("swap-arith", Binary("Max", Bool(true), Bool(false))), Texts{});
}

}  // namespace
}  // namespace mutatenn::operators
