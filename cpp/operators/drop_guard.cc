// `drop-guard`: what a guard protects, without the guard.
#include "../ir/branches.h"
#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "conditions.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// The place's name where it is a guard; else "".
std::string_view GuardPlace(const ir::Cursor& at) {
  if (ConditionPlace(at) == "predicate") return "predicate";
  std::optional<ir::Branches> here = ir::BranchesOf(at.node);
  if (!here || here->kind == "select" || ir::IsLiteral(here->condition)) return "";
  return here->kind;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::string_view place = GuardPlace(at);
  if (place.empty() || !Admits(settings, place)) return {};
  return {Replacement{}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) {
  std::optional<ir::Branches> here = ir::BranchesOf(at.node);
  return GuardPlace(at) == "predicate" ? ir::MakeBool(true, at.node) : here->yes;
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-guard",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Drops a guard: the if around a body, the if_then_else around a value, a block's predicate.",
    "A bounds check or padding guard is taken for redundant and removed: accesses leave their "
    "range.",
    "Statement deletion (SDL), Deng, Offutt and Li, ICST 2013; remove conditionals mutator of PIT.",
    {"literal conditions: TVM writes an absent block predicate as True",
     "select: it evaluates both sides and so guards nothing; force-cond decides it"},
    {Where({"if", "if-then-else", "predicate"})},
    {},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
