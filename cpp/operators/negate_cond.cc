// `negate-cond`: a condition turned into its opposite.
#include "../ir/branches.h"
#include "../ir/expr.h"
#include "conditions.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;

// Whether the place has two branches that `swap-branches` can exchange to the same effect.
bool HasBranches(const ir::Cursor& at) {
  std::optional<ir::Branches> around = ir::BranchesOf(at.parent);
  return around && !ir::IsNone(around->no);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::string_view place = ConditionPlace(at);
  if (place.empty() || !Admits(settings, place)) return {};
  const std::string by = IsIntegerComparison(at.node) ? "swap-cmp"
                         : HasBranches(at)            ? "swap-branches"
                                                      : "";
  return {Replacement{{}, by}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) { return ir::MakeNot(at.node); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "negate-cond",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Negates a whole condition: of an if, a while, a select, an if_then_else or a block.",
    "A branch is taken exactly when it should not be.",
    "Conditionals negation (negate conditionals mutator) of PIT; unary operator insertion (UOI), "
    "Offutt et al., TOSEM 5(2), 1996.",
    {"literal conditions: TVM writes an absent block predicate as True"},
    {Where({"if", "while", "select", "if-then-else", "predicate"})},
    {},
    Replacements,
    Rewrite,
    "conditions that are one comparison of integers, by swap-cmp; those that choose between two "
    "branches, by swap-branches, which does the same",
});

}  // namespace
}  // namespace mutatenn::operators
