// `negate-cond`: a condition turned into its opposite.
#include "../engine/operator.h"
#include "../ir/condition.h"
#include "../ir/expr.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;

// What users call the holder of the condition at a cursor; "" when it is no condition.
std::string_view PlaceOf(const ir::Cursor& at) {
  switch (ir::HolderOf(at)) {
    case ir::ConditionHolder::kIf:
      return "if";
    case ir::ConditionHolder::kWhile:
      return "while";
    case ir::ConditionHolder::kSelect:
      return "select";
    case ir::ConditionHolder::kIfThenElse:
      return "if-then-else";
    case ir::ConditionHolder::kBlock:
      return "predicate";
    case ir::ConditionHolder::kNothing:
      break;
  }
  return "";
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::string_view place = PlaceOf(at);
  // A literal `True` is how TVM writes "no predicate": there is no condition to negate.
  if (place.empty() || ir::IsLiteral(at.node)) return {};
  if (engine::ValueOf(settings, "where", place) != place) return {};
  return {Replacement{}};
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
    {{"where",
      {"if", "while", "select", "if-then-else", "predicate"},
      "any condition",
      "Only conditions of this kind."}},
    {},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
