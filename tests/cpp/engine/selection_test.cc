// From a request to places, and what is said when there is no such place.
#include "../../../cpp/engine/selection.h"

#include <gtest/gtest.h>

#include "kernels.h"

namespace mutatenn::engine {
namespace {

using namespace testing_engine;  // NOLINT(build/namespaces)
using namespace testing_ir;      // NOLINT(build/namespaces)

// Comparisons: 0 in `a`, 1 and 2 in `b`.
Any Sample() { return Module({{"a", Guarded("a", 5)}, {"b", Nested("b")}}); }

Request Numbers(std::vector<int64_t> numbers, std::string function = "", Settings settings = {}) {
  return {std::move(numbers), "", false, std::move(function), std::move(settings)};
}

const Operator& SwapCmp() { return Catalogue::Get().At("swap-cmp"); }

std::vector<std::string> Places(const Request& request) {
  std::vector<std::string> places;
  Selection selection = Select(Sample(), SwapCmp(), request);
  for (const Choice& choice : selection.chosen) {
    const Site& site = selection.found.sites[choice.site];
    places.push_back(selection.found.kernels[site.kernel].name + ir::ToString(site.path));
  }
  return places;
}

std::string Refusal(const Request& request) {
  return ErrorOf([&] { Select(Sample(), SwapCmp(), request); });
}

TEST(Select, ANumberCountsOverTheModule) {
  EXPECT_EQ(Places(Numbers({1})), (std::vector<std::string>{"b.block.body.condition"}));
}

TEST(Select, ANumberCountsWithinAFunctionThatIsNamed) {
  EXPECT_EQ(Places(Numbers({1}, "b")),
            (std::vector<std::string>{"b.block.body.then_case.condition"}));
}

TEST(Select, SeveralNumbersComeInOrderOfPlace) {
  EXPECT_EQ(
      Places(Numbers({2, 0, 2})),
      (std::vector<std::string>{"a.block.body.condition", "b.block.body.then_case.condition"}));
}

TEST(Select, AllMeansEveryPlaceThatFits) {
  EXPECT_EQ(Places({{}, "", true, "", {}}).size(), 3u);
  EXPECT_EQ(Places({{}, "", true, "b", {}}).size(), 2u);
}

TEST(Select, AnIdNamesAPlaceAndItsReplacement) {
  KernelIdentity identity(Sample());
  Sites found = FindSites(Sample(), {&SwapCmp()}, {});
  const Site& last = found.sites.back();
  const Change wanted{last.path, {{"to", "ne"}}};
  Request request{{}, MutantId(SwapCmp(), "tensor", "", identity.Of("b"), wanted), false, "", {}};
  Selection selection = Select(Sample(), SwapCmp(), request);
  ASSERT_EQ(selection.chosen.size(), 1u);
  const Choice& choice = selection.chosen[0];
  EXPECT_EQ(ir::ToString(selection.found.sites[choice.site].path), ir::ToString(wanted.path));
  EXPECT_EQ(choice.replacement.settings, wanted.replacement);
}

TEST(Select, AnIdThatTheSettingsExcludeIsRefusedWithWhatItIs) {
  Sites found = FindSites(Sample(), {&SwapCmp()}, {});
  const Change wanted{found.sites[0].path, {{"to", "ne"}}};
  const std::string id =
      MutantId(SwapCmp(), "tensor", "", KernelIdentity(Sample()).Of("a"), wanted);
  EXPECT_EQ(Refusal({{}, id, false, "", {{"to", "le"}}}),
            "swap-cmp [to=le] does not fit mutant '" + id + "', which is [to=ne]");
}

TEST(Select, ANumberTooHighIsRefusedWithTheNumberThereAre) {
  EXPECT_EQ(Refusal(Numbers({3})),
            "swap-cmp has no site 3 in the module: there are 3 (numbered from 0)");
  EXPECT_EQ(Refusal(Numbers({2}, "b")),
            "swap-cmp has no site 2 in function 'b': there are 2 (numbered from 0)");
}

TEST(Select, ANegativeNumberIsRefused) {
  EXPECT_TRUE(Contains(Refusal(Numbers({-1})), "no site -1"));
}

TEST(Select, AnUnknownFunctionIsRefusedByName) {
  EXPECT_TRUE(Contains(Refusal(Numbers({0}, "c")), "no TIR function 'c'"));
}

TEST(Select, AnUnknownIdIsRefusedByName) {
  EXPECT_TRUE(Contains(Refusal({{}, "swap-cmp-0", false, "", {}}), "id 'swap-cmp-0'"));
}

TEST(Select, ARequestForNothingIsRefused) {
  EXPECT_TRUE(Contains(Refusal(Numbers({})), "no site"));
}

TEST(Select, AReplacementThatDoesNotFitIsRefusedWithThoseThatDo) {
  const std::string error = Refusal(Numbers({0}, "", {{"from", "eq"}}));
  EXPECT_TRUE(Contains(error, "[from=eq] does not fit site 0"));
  EXPECT_TRUE(Contains(error, "to=le, to=gt, to=ge, to=eq, to=ne"));
}

TEST(Select, AllWithoutSettingsIsRefusedWithoutNamingAny) {
  EXPECT_EQ(ErrorOf([] { Select(Module({}), SwapCmp(), {{}, "", true, "", {}}); }),
            "swap-cmp fits none of the 0 sites in the module");
}

TEST(Select, AllIsRefusedWhereNothingFits) {
  EXPECT_TRUE(Contains(Refusal({{}, "", true, "", {{"from", "eq"}}}), "fits none of the 3 sites"));
}

TEST(Mutate, LeavesTheModuleItWasGivenAlone) {
  Any mod = Sample();
  Any before = FunctionOf(mod, "a");
  Any mutated = Mutate(mod, SwapCmp(), Numbers({0}));
  EXPECT_TRUE(FunctionOf(mod, "a").same_as(before));
  EXPECT_FALSE(FunctionOf(mutated, "a").same_as(before));
}

TEST(Mutate, LeavesOtherFunctionsAsTheyAre) {
  Any mod = Sample();
  Any mutated = Mutate(mod, SwapCmp(), Numbers({0}));
  EXPECT_TRUE(FunctionOf(mutated, "b").same_as(FunctionOf(mod, "b")));
}

}  // namespace
}  // namespace mutatenn::engine
