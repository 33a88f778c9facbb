// A TVM name that is gone is told by that name.
#include "../../../cpp/ir/reflect.h"

#include <gtest/gtest.h>

#include "builder.h"

namespace mutatenn::ir {
namespace {

using testing_ir::Contains;
using testing_ir::ErrorOf;

TEST(Reflect, ARenamedTypeIsNamedInTheErrorWithTheVersionToInstall) {
  const std::string error = ErrorOf([] { TypeIndexOf("prim.LessThan"); });
  EXPECT_TRUE(Contains(error, "no type 'prim.LessThan'"));
  EXPECT_TRUE(Contains(error, "apache-tvm 0.27"));
}

TEST(Reflect, AFieldOfARenamedTypeNamesTheType) {
  EXPECT_TRUE(Contains(ErrorOf([] { Field("prim.LessThan", "a"); }), "'prim.LessThan'"));
}

TEST(Reflect, ARenamedFieldIsNamedWithItsType) {
  EXPECT_TRUE(Contains(ErrorOf([] { Field("prim.LT", "left"); }),
                       "TVM's type 'prim.LT' has no field 'left'"));
}

TEST(Reflect, ARenamedFunctionIsNamedInTheError) {
  EXPECT_TRUE(Contains(ErrorOf([] { RequireFunction("prim.LessThan"); }),
                       "no registered function 'prim.LessThan'"));
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
