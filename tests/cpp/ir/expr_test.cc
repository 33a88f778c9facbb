// Questions about expressions, and nodes built as they stand.
#include "../../../cpp/ir/expr.h"

#include <gtest/gtest.h>
#include <tvm/ffi/extra/structural_equal.h>

#include "builder.h"

namespace mutatenn::ir {
namespace {

using namespace testing_ir;  // NOLINT(build/namespaces)

TEST(DomainOf, TellsIntegersFloatsAndBooleansApart) {
  EXPECT_EQ(DomainOf(Int(1)), Domain::kInteger);
  EXPECT_EQ(DomainOf(Float(1)), Domain::kFloat);
  EXPECT_EQ(DomainOf(Bool(true)), Domain::kBool);
}

TEST(DomainOf, ABufferHasNoPrimitiveType) { EXPECT_EQ(DomainOf(Buffer("A", 4)), Domain::kOther); }

TEST(IsIfThenElse, HoldsForTheConditionalExpressionAndNoOtherCall) {
  EXPECT_TRUE(IsIfThenElse(Call("prim.if_then_else", {Bool(true), Int(1), Int(2)})));
  EXPECT_FALSE(IsIfThenElse(Call("prim.likely", {Bool(true)})));
  EXPECT_FALSE(IsIfThenElse(Int(1)));
}

TEST(MakeBinary, KeepsBothOperandsAndFoldsNothing) {
  Any less = Binary("LT", Int(1), Int(2));
  EXPECT_TRUE(
      tvm::ffi::StructuralEqual::Equal(MakeBinary("GE", less), Binary("GE", Int(1), Int(2))));
}

TEST(MakeNot, WrapsTheConditionAsItIs) {
  Any less = Binary("LT", Int(1), Int(2));
  EXPECT_TRUE(Field("prim.Not", "a").Get(MakeNot(less)).same_as(less));
}

TEST(IsLiteral, HoldsForConstantsAlone) {
  EXPECT_TRUE(IsLiteral(Bool(true)));
  EXPECT_TRUE(IsLiteral(Float(1)));
  EXPECT_FALSE(IsLiteral(Var("i")));
}

TEST(RequireExpressions, FindsAllOfThem) { EXPECT_EQ(ErrorOf(RequireExpressions), ""); }

}  // namespace
}  // namespace mutatenn::ir
