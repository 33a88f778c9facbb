// Applying an operator: what changes, what is refused, who is blamed.
#include "../../../cpp/engine/mutant.h"

#include <gtest/gtest.h>
#include <tvm/ffi/extra/structural_equal.h>

#include "../../../cpp/ir/expr.h"
#include "kernels.h"

namespace mutatenn::engine {
namespace {

using namespace testing_engine;  // NOLINT(build/namespaces)
using namespace testing_ir;      // NOLINT(build/namespaces)
using tvm::ffi::StructuralEqual;

// All places of an operator in one kernel, each with its first replacement.
std::vector<Change> ChangesIn(const Any& func, const Operator& op) {
  std::vector<Change> changes;
  for (const Site& site : FindSites(Module({{"f", func}}), {&op}, {}).sites) {
    changes.push_back({site.path, site.replacements.front().settings});
  }
  return changes;
}

TEST(Apply, ChangesTheNodeAtThePath) {
  const Operator& op = Catalogue::Get().At("swap-cmp");
  Any func = Guarded("f", 5);
  Any mutated = Apply(func, op, ChangesIn(func, op));
  EXPECT_EQ(NodeAt(mutated, ".block.body.condition").GetTypeKey(), "prim.LE");
  EXPECT_EQ(NodeAt(func, ".block.body.condition").GetTypeKey(), "prim.LT");
}

TEST(Apply, ChangesOneOfTwoPlacesThatShareANode) {
  const Operator& op = Catalogue::Get().At("swap-arith");
  Any a = Buffer("A", 8);
  Any shared = Binary("Add", Int(1), Int(2));
  Any func = Func("f", {a}, Store(a, Load(a, shared), shared));
  std::vector<Change> changes = ChangesIn(func, op);
  ASSERT_EQ(changes.size(), 2u);
  Any mutated = Apply(func, op, {changes[1]});
  EXPECT_EQ(NodeAt(mutated, ".block.body.indices[0]").GetTypeKey(), "prim.Add");
  EXPECT_EQ(NodeAt(mutated, ".block.body.value.indices[0]").GetTypeKey(), "prim.Sub");
}

TEST(Apply, ChangesAPlaceInsideAnotherThatChangesToo) {
  const Operator& op = Catalogue::Get().At("negate-cond");
  Any a = Buffer("A", 8);
  Any inner = Select(Binary("LT", Load(a, Int(1)), Float(2)), Float(3), Float(4));
  Any func = Func("f", {a}, If(Binary("LT", inner, Float(1)), Store(a, Float(1), Int(0))));
  std::vector<Change> changes = ChangesIn(func, op);
  ASSERT_EQ(changes.size(), 2u);
  Any mutated = Apply(func, op, changes);
  EXPECT_EQ(NodeAt(mutated, ".block.body.condition").GetTypeKey(), "prim.Not");
  EXPECT_EQ(NodeAt(mutated, ".block.body.condition.a.a.condition").GetTypeKey(), "prim.Not");
}

TEST(Apply, RefusesAMutationThatChangesNothing) {
  Operator idle = Planted("idle", [](const ir::Cursor& at) { return at.node; });
  Any func = Guarded("f", 5);
  const std::string error = ErrorOf([&] { Apply(func, idle, ChangesIn(func, idle)); });
  EXPECT_TRUE(Contains(error, "operator idle (version 7)"));
  EXPECT_TRUE(Contains(error, "changed nothing"));
}

TEST(Apply, RefusesAnEqualCopyOfWhatWasThere) {
  Operator copier =
      Planted("copier", [](const ir::Cursor& at) { return ir::MakeBinary("Add", at.node); });
  Any func = Guarded("f", 5);
  EXPECT_TRUE(
      Contains(ErrorOf([&] { Apply(func, copier, ChangesIn(func, copier)); }), "changed nothing"));
}

TEST(Apply, NamesTheOperatorWhoseResultTheVerifierRejects) {
  Operator stray = Planted("stray", [](const ir::Cursor&) { return Var("undefined"); });
  Any func = Guarded("f", 5);
  const std::string error = ErrorOf([&] { Apply(func, stray, ChangesIn(func, stray)); });
  EXPECT_TRUE(Contains(error, "operator stray (version 7)"));
  EXPECT_TRUE(Contains(error, ".block.body.condition.a.indices[0] [kind=odd]"));
  EXPECT_TRUE(Contains(error, "s_tir.analysis.verify_well_formed"));
  EXPECT_TRUE(Contains(error, "undefined variable"));
}

TEST(Apply, BlamesNoOperatorForAKernelThatWasRejectedBefore) {
  const Operator& op = Catalogue::Get().At("swap-cmp");
  Any a = Buffer("A", 4);
  Any func = Func("f", {a}, If(Binary("LT", Var("stray"), Int(1)), Store(a, Float(1), Int(0))));
  const std::string error = ErrorOf([&] { Apply(func, op, ChangesIn(func, op)); });
  EXPECT_TRUE(Contains(error, "before any mutation"));
  EXPECT_EQ(error.find("swap-cmp"), std::string::npos) << error;
}

TEST(Apply, RecomputesTheRegionsOfAChangedBlock) {
  const Operator& op = Catalogue::Get().At("swap-arith");
  Any a = Buffer("A", 8);
  Any b = Buffer("B", 8);
  Any v = Var("v");
  auto kernel = [&](const std::string& sign) {
    Any index = Binary(sign, v, Int(1));
    Any block = Block(v, Int(3), 4, {Region(a, index, 1)}, {Region(b, v, 1)}, Bool(true),
                      Store(b, Load(a, index), v));
    return Func("f", {a, b}, block);
  };
  Any mutated = Apply(kernel("Add"), op, ChangesIn(kernel("Add"), op));
  EXPECT_TRUE(StructuralEqual::Equal(mutated, kernel("Sub")));
}

}  // namespace
}  // namespace mutatenn::engine
