// `negate-cond`: what counts as a condition.
#include <gtest/gtest.h>

#include "offered.h"

namespace mutatenn::operators {
namespace {

using namespace testing_ir;         // NOLINT(build/namespaces)
using namespace testing_operators;  // NOLINT(build/namespaces)
using Texts = std::vector<std::string>;

struct NegateCond : testing::Test {
  Any a = Buffer("A", 8);
  Any i = Var("i");
  Any condition = Binary("LT", i, Int(3));
  Any store = Store(a, Float(1), i);
};

TEST_F(NegateCond, ABranchHasOne) {
  EXPECT_EQ(Places("negate-cond", If(condition, store)), Texts{".condition"});
}

TEST_F(NegateCond, AWhileLoopHasOne) {
  EXPECT_EQ(Places("negate-cond", While(condition, store)), Texts{".condition"});
}

TEST_F(NegateCond, ASelectHasOne) {
  EXPECT_EQ(Places("negate-cond", Select(condition, Float(1), Float(2))), Texts{".condition"});
}

TEST_F(NegateCond, AnIfThenElseCallHasOneInItsFirstArgument) {
  EXPECT_EQ(Places("negate-cond", Call("prim.if_then_else", {condition, Float(1), Float(2)})),
            Texts{".args[0]"});
}

TEST_F(NegateCond, ABlockHasOneInItsPredicate) {
  EXPECT_EQ(Places("negate-cond", Block(Var("v"), i, 8, {}, {}, condition, store)),
            Texts{".predicate"});
}

TEST_F(NegateCond, AnAbsentPredicateIsNone) {
  EXPECT_EQ(Places("negate-cond", Block(Var("v"), i, 8, {}, {}, Bool(true), store)), Texts{});
}

TEST_F(NegateCond, AWholeConditionIsNegatedAndNotItsParts) {
  EXPECT_EQ(Places("negate-cond", If(Binary("And", condition, condition), store)),
            Texts{".condition"});
}

TEST_F(NegateCond, AComparisonThatDecidesNothingIsNone) {
  EXPECT_EQ(Places("negate-cond", Store(a, Float(1), Select(Bool(true), i, i))), Texts{});
  EXPECT_EQ(Places("negate-cond", Call("prim.likely", {condition})), Texts{});
}

TEST_F(NegateCond, WhereNarrowsToOneKind) {
  Any both = If(condition, Store(a, Select(condition, Float(1), Float(2)), i));
  EXPECT_EQ(Places("negate-cond", both, {{"where", "select"}}),
            Texts{".then_case.value.condition"});
  EXPECT_EQ(Places("negate-cond", both, {{"where", "if"}}), Texts{".condition"});
}

TEST_F(NegateCond, WrapsTheConditionInANot) {
  EXPECT_EQ(Made("negate-cond", condition, {}), "prim.Not");
}

}  // namespace
}  // namespace mutatenn::operators
