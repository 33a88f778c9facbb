/*!
 * \file tests/cpp/ir/reflect_test.cc
 * \brief A TVM name that is gone is told by that name.
 */
#include "../../../cpp/ir/reflect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builder.h"

namespace mutatenn::ir {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_ir::ErrorOf;

TEST(Reflect, ARenamedTypeIsNamedInTheError) {
  EXPECT_THAT(ErrorOf([] { TypeIndexOf("prim.LessThan"); }),
              AllOf(HasSubstr("no type 'prim.LessThan'"), HasSubstr("apache-tvm")));
}

TEST(Reflect, AFieldOfARenamedTypeNamesTheType) {
  EXPECT_THAT(ErrorOf([] { Field("prim.LessThan", "a"); }), HasSubstr("'prim.LessThan'"));
}

TEST(Reflect, ARenamedFieldIsNamedWithItsType) {
  EXPECT_THAT(ErrorOf([] { Field("prim.LT", "left"); }),
              AllOf(HasSubstr("'prim.LT'"), HasSubstr("no field 'left'")));
}

TEST(Reflect, ARenamedFunctionIsNamedInTheError) {
  EXPECT_THAT(ErrorOf([] { RequireFunction("prim.LessThan"); }),
              HasSubstr("no registered function 'prim.LessThan'"));
}

TEST(Reflect, AllNamesTheEngineReliesOnAreThere) {
  EXPECT_EQ(ErrorOf([] {
              Fields::Get();
              Functions::Get();
            }),
            "");
}

TEST(Reflect, AFieldReadsWhatItsConstructorWasGiven) {
  Any index = testing_ir::Var("i");
  Any less = testing_ir::Binary("LT", index, testing_ir::Int(3));
  EXPECT_TRUE(Field("prim.LT", "a").Get(less).same_as(index));
}

TEST(Reflect, WithCopiesAndLeavesTheOriginalAlone) {
  Any index = testing_ir::Var("i");
  Any less = testing_ir::Binary("LT", index, testing_ir::Int(3));
  Field left("prim.LT", "a");
  Any other = testing_ir::Var("j");
  Any copy = left.With(less, other);
  EXPECT_TRUE(left.Get(copy).same_as(other));
  EXPECT_TRUE(left.Get(less).same_as(index));
}

}  // namespace
}  // namespace mutatenn::ir
