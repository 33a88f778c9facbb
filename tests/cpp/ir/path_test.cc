// What a walk visits, in which order, and copying along one path.
#include "../../../cpp/ir/path.h"

#include <gtest/gtest.h>
#include <tvm/ffi/extra/structural_equal.h>

#include "builder.h"

namespace mutatenn::ir {
namespace {

using namespace testing_ir;  // NOLINT(build/namespaces)

using Lines = std::vector<std::string>;

Any Unchanged(const Any&, const Any& copy) { return copy; }

TEST(Walk, GoesFromParentsToChildrenInReadingOrder) {
  Any a = Buffer("A", 8);
  Any i = Var("i");
  Any body = For(i, 8, Store(a, Binary("Add", Load(a, i), Float(1)), i));
  EXPECT_EQ(Visited(Func("f", {a}, body)), (Lines{
                                               ": tirx.For",
                                               ".min: ir.IntImm",
                                               ".extent: ir.IntImm",
                                               ".body: tirx.BufferStore",
                                               ".body.indices[0]: ir.Var",
                                               ".body.value: prim.Add",
                                               ".body.value.a: ir.TensorLoad",
                                               ".body.value.a.indices[0]: ir.Var",
                                               ".body.value.b: ir.FloatImm",
                                           }));
}

TEST(Walk, EntersNeitherRegionsNorBufferShapesNorAxisDomains) {
  Any a = Buffer("A", 8);
  Any v = Var("v");
  Any index = Binary("Add", v, Int(1));
  Any block = Block(v, Int(0), 7, {Region(a, index, 1)}, {Region(a, v, 1)}, Bool(true),
                    Store(a, Load(a, index), v));
  EXPECT_EQ(Visited(Func("f", {a}, block)), (Lines{
                                                ": s_tir.SBlockRealize",
                                                ".iter_values[0]: ir.IntImm",
                                                ".predicate: ir.IntImm",
                                                ".block: s_tir.SBlock",
                                                ".block.body: tirx.BufferStore",
                                                ".block.body.indices[0]: ir.Var",
                                                ".block.body.value: ir.TensorLoad",
                                                ".block.body.value.indices[0]: prim.Add",
                                                ".block.body.value.indices[0].a: ir.Var",
                                                ".block.body.value.indices[0].b: ir.IntImm",
                                            }));
}

TEST(Walk, LeavesOutABranchThatIsNotThere) {
  Any a = Buffer("A", 8);
  Any body = If(Binary("LT", Int(0), Int(1)), Store(a, Float(1), Int(0)));
  EXPECT_EQ(Visited(Func("f", {a}, body)), (Lines{
                                               ": tirx.IfThenElse",
                                               ".condition: prim.LT",
                                               ".condition.a: ir.IntImm",
                                               ".condition.b: ir.IntImm",
                                               ".then_case: tirx.BufferStore",
                                               ".then_case.indices[0]: ir.IntImm",
                                               ".then_case.value: ir.FloatImm",
                                           }));
}

TEST(Walk, VisitsASharedNodeOnceForEachPlaceWhereItStands) {
  Any a = Buffer("A", 8);
  Any i = Var("i");
  Any sum = Binary("Add", i, Int(1));
  std::vector<std::string> places;
  Walk(Store(a, Load(a, sum), sum), [&](const Cursor& at) {
    if (at.node.same_as(sum)) places.push_back(ToString(at.path));
  });
  EXPECT_EQ(places, (Lines{".indices[0]", ".value.indices[0]"}));
}

TEST(Walk, TellsTheFieldByWhichAParentHoldsANode) {
  Any condition = Binary("LT", Var("i"), Int(1));
  Any branch = If(condition, Store(Buffer("A", 1), Float(1), Int(0)));
  std::string_view role;
  bool under_branch = false;
  Walk(branch, [&](const Cursor& at) {
    if (!at.node.same_as(condition)) return;
    role = at.role();
    under_branch = at.parent.same_as(branch);
  });
  EXPECT_EQ(role, "condition");
  EXPECT_TRUE(under_branch);
}

TEST(Walk, RefusesANodeItDoesNotKnowByName) {
  EXPECT_TRUE(Contains(ErrorOf([] { Walk(Range(Int(0), 4), [](const Cursor&) {}); }), "ir.Range"));
}

TEST(ReplaceAt, ChangesOneOfTwoPlacesOfASharedNode) {
  Any a = Buffer("A", 8);
  Any sum = Binary("Add", Var("i"), Int(1));
  Any store = Store(a, Load(a, sum), sum);
  Path second;
  Walk(store, [&](const Cursor& at) {
    if (at.node.same_as(sum)) second = at.path;
  });
  Any changed = ReplaceAt(store, second, [](const Cursor&) { return Int(5); }, Unchanged);
  EXPECT_TRUE(tvm::ffi::StructuralEqual::Equal(changed, Store(a, Load(a, Int(5)), sum)));
}

TEST(ReplaceAt, LeavesTheOriginalAlone) {
  Any a = Buffer("A", 8);
  Any store = Store(a, Float(1), Binary("Add", Var("i"), Int(1)));
  Any value = Field("tirx.BufferStore", "value").Get(store);
  Path path;
  Walk(store, [&](const Cursor& at) {
    if (at.node.same_as(value)) path = at.path;
  });
  Any changed = ReplaceAt(store, path, [](const Cursor&) { return Float(2); }, Unchanged);
  EXPECT_FALSE(changed.same_as(store));
  EXPECT_TRUE(Field("tirx.BufferStore", "value").Get(store).same_as(value));
}

TEST(ReplaceAt, OffersWhatReplacesItsOwnKindAndEveryCopyInnermostFirst) {
  Any a = Buffer("A", 8);
  Any i = Var("i");
  Any body = For(i, 8, Store(a, Float(1), i));
  Path path;
  Walk(body, [&](const Cursor& at) {
    if (at.node.GetTypeKey() == "ir.FloatImm") path = at.path;
  });
  std::vector<std::string> copied;
  auto note = [&](const Any& original, const Any& copy) {
    copied.push_back(original.GetTypeKey());
    return copy;
  };
  ReplaceAt(body, path, [](const Cursor&) { return Float(2); }, note);
  EXPECT_EQ(copied, (Lines{"ir.FloatImm", "tirx.BufferStore", "tirx.For"}));
  copied.clear();
  ReplaceAt(body, path, [&](const Cursor&) { return Load(a, i); }, note);
  EXPECT_EQ(copied, (Lines{"tirx.BufferStore", "tirx.For"})) << "a load is no copy of a literal";
}

TEST(ReplaceAt, AnEmptyPathReplacesTheRoot) {
  Any changed = ReplaceAt(Int(1), {}, [](const Cursor&) { return Int(2); }, Unchanged);
  EXPECT_TRUE(tvm::ffi::StructuralEqual::Equal(changed, Int(2)));
}

}  // namespace
}  // namespace mutatenn::ir
