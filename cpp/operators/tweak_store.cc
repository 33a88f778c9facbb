// `tweak-store`: a stored value that is a little off.
#include <cmath>
#include <set>

#include "../ir/expr.h"
#include "../ir/literal.h"
#include "../ir/store.h"
#include "shift.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;

struct Action {
  const char* name;
  const char* on_integers;
  const char* on_floats;
};

constexpr Action kActions[] = {
    {"add", "1", "0.5"}, {"sub", "1", "0.5"}, {"mul", "2", "2"}, {"div", "2", "2"}};

Shift ShiftOf(const Settings& settings) {
  return {engine::ValueOf(settings, "action"),
          engine::NumberOf(engine::ValueOf(settings, "amount"))};
}

bool IsNeighbour(const Shift& shift) {
  return (shift.action == "add" || shift.action == "sub") && std::abs(shift.amount) == 1;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (!ir::IsStoredValue(at)) return {};
  const ir::Domain domain = ir::DomainOf(at.node);
  if (domain != ir::Domain::kInteger && domain != ir::Domain::kFloat) return {};
  const bool integer = domain == ir::Domain::kInteger;
  // Two actions can make one number of a literal: 1 + 1 and 1 * 2.
  const std::optional<double> literal = ir::NumberIn(at.node);
  const bool distinct = literal && settings.count("action") == 0;
  std::set<double> made;
  std::vector<Replacement> found;
  for (const Action& action : kActions) {
    if (engine::ValueOf(settings, "action", action.name) != action.name) continue;
    Settings complete = {{"action", action.name}};
    complete["amount"] =
        engine::ValueOf(settings, "amount", integer ? action.on_integers : action.on_floats);
    const Shift shift = ShiftOf(complete);
    if (!Takes(at.node, shift)) continue;
    if (distinct && !made.insert(Shifted(*literal, shift, integer)).second) continue;
    const bool same = literal && integer && IsNeighbour(shift);
    found.push_back({std::move(complete), same ? "tweak-int" : ""});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return Apply(at.node, ShiftOf(settings));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "tweak-store",
    "stores",
    1,
    {"tensor", "kernel"},
    "Stores a value that an amount is added to, subtracted from, multiplied with or divided by.",
    "A result is written with an offset or a wrong scale, such as a lost requantisation factor.",
    "The kernel store mutants of MutateNN, arXiv 2306.01697, which stored the old value in fact.",
    {"amounts that change nothing, or nothing in the value's type: adding 0, multiplying by "
     "1.00000001 in float32",
     "by default, an action that makes the same literal as an earlier one",
     "integers take whole amounts only, and no amount or literal result beyond their type",
     "stored booleans and handles"},
    {{"action",
      {"add", "sub", "mul", "div"},
      "each in turn",
      "What is done to the value. Integers are divided rounding down, and stay integers."},
     {"amount",
      {"1", "2"},
      "of integers 1 for add and sub, 2 for mul and div; of other numbers 0.5 and 2",
      "By how much; may be negative.",
      Form::kNumber}},
    {},
    Replacements,
    Rewrite,
    "of integer literals, what tweak-int makes too: one more or one less",
});

}  // namespace
}  // namespace mutatenn::operators
