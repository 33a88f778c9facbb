// The conditional family: what counts as a place, and which replacements are redundant.
#include <gtest/gtest.h>

#include "offered.h"

namespace mutatenn::operators {
namespace {

using namespace testing_ir;         // NOLINT(build/namespaces)
using namespace testing_operators;  // NOLINT(build/namespaces)
using Texts = std::vector<std::string>;

struct Conditional : testing::Test {
  Any a = Buffer("A", 8);
  Any i = Var("i");
  Any condition = Binary("LT", i, Int(3));
  Any both = Binary("And", condition, Binary("LE", Int(1), i));
  Any one = Store(a, Float(1), i);
  Any two = Store(a, Float(2), i);
  Any call = Call("prim.if_then_else", {condition, Float(1), Float(2)});
  Any block = Block(Var("v"), i, 8, {}, {}, condition, one);
};

TEST_F(Conditional, AGuardIsAnIfACallAndAPredicate) {
  EXPECT_EQ(Places("drop-guard", If(condition, one)), Texts{""});
  EXPECT_EQ(Places("drop-guard", call), Texts{""});
  EXPECT_EQ(Places("drop-guard", block), Texts{".predicate"});
  EXPECT_EQ(Places("drop-guard", While(condition, one)), Texts{});
  EXPECT_EQ(Places("drop-guard", Select(condition, Float(1), Float(2))), Texts{});
}

TEST_F(Conditional, BranchesAreExchangedWhereThereAreTwoThatDiffer) {
  EXPECT_EQ(Places("swap-branches", If(condition, one, two)), Texts{""});
  EXPECT_EQ(Places("swap-branches", call), Texts{""});
  EXPECT_EQ(Places("swap-branches", Select(condition, Float(1), Float(2))), Texts{""});
  EXPECT_EQ(Places("swap-branches", If(condition, one)), Texts{});
  EXPECT_EQ(Places("swap-branches", Select(condition, Float(1), Float(1))), Texts{});
}

TEST_F(Conditional, AnElseIsDroppedWhereThereIsOne) {
  EXPECT_EQ(Places("drop-else", If(condition, one, two)), Texts{""});
  EXPECT_EQ(Places("drop-else", If(condition, one)), Texts{});
  EXPECT_EQ(Places("drop-else", call), Texts{});
}

TEST_F(Conditional, AWhileIsNeverForcedToGoOn) {
  EXPECT_EQ(Places("force-cond", While(condition, one)), Texts{".condition"});
  EXPECT_EQ(Places("force-cond", While(condition, one), {{"to", "true"}}), Texts{});
}

TEST_F(Conditional, AConnectorLosesEitherOperand) {
  EXPECT_EQ(Offered("drop-clause", both), (Texts{"drop=right", "drop=left"}));
  EXPECT_EQ(Made("drop-clause", both, {{"drop", "right"}}), "prim.LT");
  EXPECT_EQ(Made("drop-clause", both, {{"drop", "left"}}), "prim.LE");
}

TEST_F(Conditional, TheOtherConnectorIsRedundantAndTheComparisonIsNot) {
  EXPECT_EQ(Offered("swap-logic", both), (Texts{"to=or", "to=eq"}));
  EXPECT_EQ(Enough("swap-logic", both), Texts{"to=eq"});
  EXPECT_EQ(Offered("swap-logic", Binary("Or", condition, condition)), (Texts{"to=and", "to=ne"}));
}

TEST_F(Conditional, AThresholdIsTheSideThatIsALiteral) {
  EXPECT_EQ(Offered("shift-threshold", Binary("LE", Int(5), i), {{"action", "add"}}),
            Texts{"action=add,amount=1,side=left"});
  EXPECT_EQ(Offered("shift-threshold", Binary("LE", i, i), {{"action", "add"}}),
            Texts{"action=add,amount=1,side=right"});
}

TEST_F(Conditional, ABoundMovedToItsNeighbourIsWhatSwapCmpMakes) {
  const Texts kept = Enough("shift-threshold", Binary("LT", i, Int(7)));
  EXPECT_EQ(kept, (Texts{"action=sub,amount=1,side=right", "action=mul,amount=2,side=right",
                         "action=div,amount=2,side=right"}));
}

}  // namespace
}  // namespace mutatenn::operators
