// `force-cond`: a condition that always, or never, holds.
#include "../ir/literal.h"
#include "comparisons.h"
#include "conditions.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;

// The operator that offers the same at this place; "" where none does.
std::string SameAs(const ir::Cursor& at, std::string_view place, bool to) {
  if (to && (place == "if" || place == "if-then-else" || place == "predicate")) return "drop-guard";
  return ComparisonAt(at.node) == nullptr ? "" : "swap-cmp";
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::string_view place = ConditionPlace(at);
  if (place.empty() || !Admits(settings, place)) return {};
  std::vector<Replacement> found;
  for (const std::string& to : engine::ValuesOf(settings, "to", {"false", "true"})) {
    if (to == "true" && place == "while") continue;
    found.push_back({{{"to", to}}, SameAs(at, place, to == "true")});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return ir::MakeBool(engine::ValueOf(settings, "to") == "true", at.node);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "force-cond",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Makes a whole condition constant: of an if, a while, a select, an if_then_else or a block.",
    "A simplification decides a condition wrongly: a branch is always taken, or never.",
    "Remove conditionals mutator of PIT, which makes a condition true or false.",
    {"literal conditions: TVM writes an absent block predicate as True",
     "a while is never forced to go on: it would not end, which is no question to an oracle"},
    {Where({"if", "while", "select", "if-then-else", "predicate"}),
     {"to", {"false", "true"}, "false, then true", "What the condition always is."}},
    {},
    Replacements,
    Rewrite,
    "true where drop-guard does the same; conditions that are one comparison, by swap-cmp",
});

}  // namespace
}  // namespace mutatenn::operators
