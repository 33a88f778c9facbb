// `tweak-float`: a floating-point literal that is a little off, or wholly.
#include <cmath>
#include <optional>

#include "../ir/keys.h"
#include "../ir/literal.h"
#include "../ir/ulp.h"
#include "literals.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// An action with the parameter that says how much, and what that is by default.
struct Action {
  const char* name;
  const char* parameter;  // "": none
  const char* amount;
};

constexpr Action kActions[] = {{"zero", "", ""},
                               {"one", "", ""},
                               {"negate", "", ""},
                               {"ulp", "ulps", "1"},
                               {"relative", "delta", "0.01"}};

// The value that a literal stands for: TVM keeps more digits than its type has.
std::optional<double> ValueAt(const ir::Any& literal) {
  const DLDataType type = *ir::DTypeOf(literal);
  const std::optional<double> value = ir::NumberIn(literal);
  return value && !std::isnan(*value) ? ir::NearestIn(type, *value) : std::nullopt;
}

// What an action makes of a number of a type; nothing where it changes nothing, or leaves the type.
std::optional<double> Tweaked(DLDataType type, double value, const Settings& settings) {
  std::string_view action = engine::ValueOf(settings, "action");
  std::optional<double> result;
  if (action == "zero") result = 0;
  if (action == "one") result = 1;
  if (action == "negate") result = -value;
  if (action == "ulp") {
    result = ir::StepsFrom(type, value, engine::IntegerOf(engine::ValueOf(settings, "ulps")));
  }
  if (action == "relative" && std::isfinite(value)) {
    const double delta = engine::NumberOf(engine::ValueOf(settings, "delta"));
    result = ir::NearestIn(type, value + value * delta);
    if (!std::isfinite(*result)) return std::nullopt;
  }
  return result && *result != value ? result : std::nullopt;
}

// What of the actions is offered: all that is asked for; otherwise 1 for 0, and the rest for
// others.
bool IsOffered(const Action& action, double value, const Settings& settings) {
  const std::string_view name = action.name, parameter = action.parameter;
  for (const Action& other : kActions) {
    const std::string_view amount = other.parameter;
    if (!amount.empty() && settings.count(amount) > 0 && amount != parameter) return false;
  }
  if (settings.count("action") > 0) return settings.find("action")->second == name;
  if (!parameter.empty() && settings.count(parameter) > 0) return true;
  return (name == "one") == (value == 0);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (!IsConstantPlace(at)) return {};
  const std::optional<double> value = ValueAt(at.node);
  if (!value) return {};
  std::vector<Replacement> found;
  for (const Action& action : kActions) {
    if (!IsOffered(action, *value, settings)) continue;
    Settings complete = {{"action", action.name}};
    const std::string parameter = action.parameter;
    if (!parameter.empty()) {
      complete[parameter] = engine::ValueOf(settings, parameter, action.amount);
    }
    const std::optional<double> after = Tweaked(*ir::DTypeOf(at.node), *value, complete);
    if (!after) continue;
    found.push_back({std::move(complete), std::string(SameAsLiteral(at, *value, *after))});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const DLDataType type = *ir::DTypeOf(at.node);
  return ir::MakeFloat(*Tweaked(type, *ValueAt(at.node), settings), at.node);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "tweak-float",
    "constant",
    1,
    {"tensor", "kernel"},
    "Changes a floating-point literal: to 0, 1 or its negative, by some ulps or by a part of it.",
    "A coefficient, an epsilon or a padding value is folded, rounded or printed wrongly.",
    "Constant replacement (CRP), King and Offutt, SP&E 21(7), 1991; the inline constant mutator of "
    "PIT; perturbation of last places as in Monte Carlo arithmetic, Parker, UCLA CSD-970002, 1997.",
    {"by default 0 becomes 1 and nothing else: the number beside 0 is subnormal, which many "
     "devices "
     "take for 0; -0 is never made of 0",
     "numbers that stay as they are when rounded to the literal's type, and finite numbers that "
     "leave it",
     "NaN", "types other than float16, bfloat16, float32 and float64",
     "arguments of calls other than mathematical functions and conditional expressions"},
    {{"action",
      {"zero", "one", "negate", "ulp", "relative"},
      "zero, negate, ulp and relative in turn; one for 0",
      "What is done to the literal."},
     {"ulps",
      {"1"},
      "1",
      "For ulp: how many numbers of the literal's own type it moves up; down where negative.",
      Form::kInteger,
      -0x1p31,
      0x1p31},
     {"delta",
      {"0.01"},
      "0.01",
      "For relative: the part of the literal that is added to it; may be negative.",
      Form::kNumber}},
    {keys::kFloatImm},
    Replacements,
    Rewrite,
    "operands that then change nothing, by drop-operand; signs that another operator changes as "
    "well, by swap-arith and negate-expr",
});

}  // namespace
}  // namespace mutatenn::operators
