// Regions follow a changed body, where they described the original one.
#include "../../../cpp/ir/regions.h"

#include <gtest/gtest.h>
#include <tvm/ffi/extra/structural_equal.h>

#include "../../../cpp/ir/path.h"
#include "builder.h"

namespace mutatenn::ir {
namespace {

using namespace testing_ir;  // NOLINT(build/namespaces)
using tvm::ffi::StructuralEqual;

// `B[v] = A[v + shift]` in a block that declares to read A at `declared`.
struct Copy {
  Any a = Buffer("A", 8);
  Any b = Buffer("B", 8);
  Any v = Var("v");

  Any Shifted(int64_t shift) const { return Binary("Add", v, Int(shift)); }

  Any Realized(int64_t shift, int64_t declared) const {
    return Block(v, Int(0), 4, {Region(a, Shifted(declared), 1)}, {Region(b, v, 1)}, Bool(true),
                 Store(b, Load(a, Shifted(shift)), v));
  }

  Any BlockOf(int64_t shift, int64_t declared) const {
    return Field("s_tir.SBlockRealize", "block").Get(Realized(shift, declared));
  }

  Map<ObjectRef, ObjectRef> Visible() const {
    return VisibleBuffers(Func("f", {a, b}, Realized(1, 1)));
  }
};

TEST(Regions, AreDetectedAnewWhereTheyDescribedTheOriginal) {
  Copy copy;
  Any fresh = WithFreshRegions(copy.BlockOf(1, 1), copy.BlockOf(2, 1), copy.Visible());
  EXPECT_TRUE(StructuralEqual::Equal(fresh, copy.BlockOf(2, 2)));
}

TEST(Regions, StayAsTheyAreWhereTheOriginalDeclaredSomethingElse) {
  Copy copy;
  Any opaque = copy.BlockOf(2, 3);
  EXPECT_TRUE(WithFreshRegions(copy.BlockOf(1, 3), opaque, copy.Visible()).same_as(opaque));
}

TEST(Regions, OfABlockThatDeclaresNoneStayNone) {
  Copy copy;
  auto silent = [&](int64_t shift) {
    Any realized = Block(copy.v, Int(0), 4, {}, {}, Bool(true),
                         Store(copy.b, Load(copy.a, copy.Shifted(shift)), copy.v));
    return Field("s_tir.SBlockRealize", "block").Get(realized);
  };
  Any changed = silent(2);
  EXPECT_TRUE(WithFreshRegions(silent(1), changed, copy.Visible()).same_as(changed));
}

TEST(Regions, SeeTheParametersOfTheFunction) {
  Copy copy;
  EXPECT_EQ(copy.Visible().size(), 2u);
}

TEST(IsBlock, HoldsForABlockAndNotForItsRealization) {
  Copy copy;
  EXPECT_TRUE(IsBlock(copy.BlockOf(1, 1)));
  EXPECT_FALSE(IsBlock(copy.Realized(1, 1)));
}

}  // namespace
}  // namespace mutatenn::ir
