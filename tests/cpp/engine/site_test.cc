// Enumeration: which places, in which order, under which numbers.
#include "../../../cpp/engine/site.h"

#include <gtest/gtest.h>

#include "kernels.h"

namespace mutatenn::engine {
namespace {

using namespace testing_engine;  // NOLINT(build/namespaces)
using testing_ir::Module;

Sites Find(const Any& mod, const std::vector<std::string>& ids, const Settings& settings = {}) {
  std::vector<const Operator*> operators;
  for (const std::string& id : ids) operators.push_back(&Catalogue::Get().At(id));
  return FindSites(mod, operators, settings);
}

TEST(FindSites, NumbersFunctionsByNameThenNodesInPreOrder) {
  Sites found = Find(Module({{"b", Nested("b")}, {"a", Guarded("a", 5)}}), {"swap-cmp"});
  ASSERT_EQ(found.sites.size(), 3u);
  std::vector<std::string> places;
  for (const Site& site : found.sites) {
    places.push_back(std::to_string(site.number) + " " + found.kernels[site.kernel].name + " " +
                     std::to_string(site.number_in_kernel) + " " + ir::ToString(site.path));
  }
  EXPECT_EQ(places, (std::vector<std::string>{
                        "0 a 0 .block.body.condition",
                        "1 b 0 .block.body.condition",
                        "2 b 1 .block.body.then_case.condition",
                    }));
}

TEST(FindSites, NumbersEachOperatorForItself) {
  Sites found = Find(Module({{"a", Guarded("a", 5)}}), {"swap-cmp", "swap-arith", "negate-cond"});
  ASSERT_EQ(found.sites.size(), 3u);
  for (const Site& site : found.sites) EXPECT_EQ(site.number, 0);
}

TEST(FindSites, FindsForSeveralOperatorsWhatItFindsForEach) {
  Any mod = Module({{"a", Guarded("a", 5)}, {"b", Nested("b")}});
  const size_t together = Find(mod, {"swap-cmp", "swap-arith", "negate-cond"}).sites.size();
  size_t apart = 0;
  for (const char* id : {"swap-cmp", "swap-arith", "negate-cond"}) {
    apart += Find(mod, {id}).sites.size();
  }
  EXPECT_EQ(together, apart);
}

TEST(FindSites, SettingsNarrowReplacementsAndNotNumbers) {
  Any mod = Module({{"b", Nested("b")}});
  Sites all = Find(mod, {"swap-cmp"});
  Sites narrowed = Find(mod, {"swap-cmp"}, {{"from", "eq"}});
  ASSERT_EQ(narrowed.sites.size(), all.sites.size());
  for (size_t i = 0; i < all.sites.size(); ++i) {
    EXPECT_EQ(narrowed.sites[i].number, all.sites[i].number);
    EXPECT_TRUE(narrowed.sites[i].replacements.empty());
    EXPECT_EQ(narrowed.sites[i].choices.size(), all.sites[i].choices.size());
  }
}

TEST(FindSites, FindsNothingInAModuleWithoutKernels) {
  Sites found = Find(Module({}), {"swap-cmp"});
  EXPECT_TRUE(found.sites.empty());
  EXPECT_TRUE(found.kernels.empty());
}

TEST(FindSites, AsksAnOperatorOfNoNodesAboutEveryNode) {
  int asked = 0;
  Operator curious = Planted("curious", nullptr);
  curious.nodes = {};
  curious.replacements = [&](const ir::Cursor&, const Settings&) {
    ++asked;
    return std::vector<Replacement>{};
  };
  Any func = Guarded("a", 5);
  FindSites(Module({{"a", func}}), {&curious}, {});
  int nodes = 0;
  ir::Walk(ir::Fields::Get().func_body.Get(func), [&](const ir::Cursor&) { ++nodes; });
  EXPECT_EQ(asked, nodes);
}

}  // namespace
}  // namespace mutatenn::engine
