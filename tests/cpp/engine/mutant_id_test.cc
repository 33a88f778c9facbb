// Mutant ids: what they depend on, and what they do not.
#include <gtest/gtest.h>

#include <set>

#include "../../../cpp/engine/mutant.h"
#include "kernels.h"

namespace mutatenn::engine {
namespace {

using namespace testing_engine;  // NOLINT(build/namespaces)
using testing_ir::Module;

std::vector<std::string> IdsOf(const Any& mod, const std::string& stage = "tensor",
                               const std::string& lowering = "") {
  std::vector<const Operator*> all;
  for (const auto& [id, op] : Catalogue::Get().All()) all.push_back(&op);
  KernelIdentity identity(mod);
  Sites found = FindSites(mod, all, {});
  std::vector<std::string> ids;
  for (const Site& site : found.sites) {
    const std::string kernel = identity.Of(found.kernels[site.kernel].name);
    for (const Replacement& replacement : site.replacements) {
      ids.push_back(MutantId(*site.op, stage, lowering, kernel, {site.path, replacement.settings}));
    }
  }
  return ids;
}

TEST(MutantId, IsTheSameEveryTime) {
  EXPECT_EQ(IdsOf(Module({{"a", Guarded("a", 5)}})), IdsOf(Module({{"a", Guarded("a", 5)}})));
}

TEST(MutantId, DoesNotDependOnFunctionNames) {
  EXPECT_EQ(IdsOf(Module({{"a", Guarded("a", 5)}, {"b", Nested("b")}})),
            IdsOf(Module({{"x", Guarded("x", 5)}, {"y", Nested("y")}})));
}

TEST(MutantId, DiffersForEveryMutantOfAModule) {
  // Two kernels are equal: their mutants differ by the rank of the kernel alone.
  std::vector<std::string> ids =
      IdsOf(Module({{"a", Guarded("a", 5)}, {"b", Guarded("b", 5)}, {"c", Nested("c")}}));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST(MutantId, DependsOnTheContentOfTheKernel) {
  EXPECT_NE(IdsOf(Module({{"a", Guarded("a", 5)}})), IdsOf(Module({{"a", Guarded("a", 6)}})));
}

TEST(MutantId, DependsOnStageAndLowering) {
  Any mod = Module({{"a", Guarded("a", 5)}});
  EXPECT_NE(IdsOf(mod), IdsOf(mod, "kernel"));
  EXPECT_NE(IdsOf(mod, "kernel", "cpu"), IdsOf(mod, "kernel", "gpu"));
}

TEST(MutantId, DependsOnTheOperatorsVersion) {
  Operator op = Catalogue::Get().At("swap-cmp");
  const std::string before = MutantId(op, "tensor", "", "kernel", {});
  ++op.version;
  EXPECT_NE(MutantId(op, "tensor", "", "kernel", {}), before);
}

TEST(MutantId, DoesNotCollideAmongAHundredThousandMutants) {
  const Operator& op = Catalogue::Get().At("swap-cmp");
  std::set<std::string> ids;
  constexpr int kMutants = 100000;
  for (int i = 0; i < kMutants; ++i) {
    ids.insert(MutantId(op, "tensor", "", "kernel#" + std::to_string(i), {}));
  }
  EXPECT_EQ(ids.size(), static_cast<size_t>(kMutants));
}

}  // namespace
}  // namespace mutatenn::engine
