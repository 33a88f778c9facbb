// `swap-branches`: the two branches of a choice, exchanged.
#include <tvm/ffi/extra/structural_equal.h>

#include "../engine/operator.h"
#include "../ir/branches.h"
#include "../ir/keys.h"
#include "conditions.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<ir::Branches> here = ir::BranchesOf(at.node);
  if (!here || ir::IsNone(here->no) || !Admits(settings, here->kind)) return {};
  if (tvm::ffi::StructuralEqual::Equal(here->yes, here->no)) return {};
  return {Replacement{{}, IsIntegerComparison(here->condition) ? "swap-cmp" : ""}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) {
  const ir::Branches here = *ir::BranchesOf(at.node);
  return ir::WithBranches(at.node, here.no, here.yes);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-branches",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Exchanges the branches of an if with an else, of a select or of an if_then_else.",
    "A branch is emitted for the wrong outcome of its condition.",
    "Negate conditionals mutator of PIT, planted in the branches instead of the condition.",
    {"branches that are equal", "an if without an else: negate-cond is its fault"},
    {Where({"if", "select", "if-then-else"})},
    {keys::kIf, keys::kSelect, keys::kCall},
    Replacements,
    Rewrite,
    "where the condition is one comparison of integers, by swap-cmp",
});

}  // namespace
}  // namespace mutatenn::operators
