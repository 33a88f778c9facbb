// `shift-threshold`: a comparison against a bound that is a little off.
#include <cmath>
#include <set>

#include "../engine/operator.h"
#include "../ir/expr.h"
#include "../ir/literal.h"
#include "comparisons.h"
#include "shift.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

constexpr DLDataType kFloat32{kDLFloat, 32, 1};

// An action with the amounts that are offered for integers and for floating-point numbers.
struct Action {
  const char* name;
  const char* on_integers;
  const char* on_floats;
  bool by_default;
};

constexpr Action kActions[] = {{"add", "1", "0.5", true},
                               {"sub", "1", "0.5", true},
                               {"mul", "2", "2", true},
                               {"div", "2", "2", true},
                               {"percent", "50", "10", false}};

// The side that is a literal, which is where a threshold stands; else the right one.
std::string_view ThresholdSide(const ir::Any& comparison) {
  const bool left_alone =
      ir::IsLiteral(ir::LeftOf(comparison)) && !ir::IsLiteral(ir::RightOf(comparison));
  return left_alone ? "left" : "right";
}

// Whether `swap-cmp` makes the same of integers: `a < b + 1` is `a <= b`.
bool IsNeighbour(const ir::Any& node, std::string_view side, const Shift& shift) {
  if (!IsWhole(shift.amount) || std::abs(shift.amount) != 1 || shift.in_float) return false;
  if (shift.action != "add" && shift.action != "sub") return false;
  const bool up = (shift.action == "add") == (shift.amount > 0);
  const bool raises_bound = up == (side == "right");
  std::string_view name = ComparisonAt(node)->name;
  return raises_bound ? name == "lt" || name == "ge" : name == "le" || name == "gt";
}

Shift ShiftOf(const Settings& settings) {
  return {engine::ValueOf(settings, "action"),
          engine::NumberOf(engine::ValueOf(settings, "amount")),
          engine::ValueOf(settings, "float") == "true"};
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::string_view name = ComparisonAt(at.node)->name;
  if (engine::ValueOf(settings, "from", name) != name) return {};
  std::string_view side = engine::ValueOf(settings, "side", ThresholdSide(at.node));
  const ir::Any operand = side == "left" ? ir::LeftOf(at.node) : ir::RightOf(at.node);
  const ir::Domain domain = ir::DomainOf(operand);
  if (domain != ir::Domain::kInteger && domain != ir::Domain::kFloat) return {};
  const bool in_float = engine::ValueOf(settings, "float") == "true";
  const bool whole = domain == ir::Domain::kInteger && !in_float;
  // Two actions can make one number of a literal: 1 + 1 and 1 * 2.
  const std::optional<double> literal = ir::NumberIn(operand);
  const bool distinct = literal && settings.count("action") == 0;
  std::set<double> made;
  std::vector<Replacement> found;
  for (const Action& action : kActions) {
    if (engine::ValueOf(settings, "action", action.by_default ? action.name : "") != action.name) {
      continue;
    }
    Settings complete = {{"side", std::string(side)}, {"action", action.name}};
    complete["amount"] =
        engine::ValueOf(settings, "amount", whole ? action.on_integers : action.on_floats);
    if (in_float) complete["float"] = "true";
    const Shift shift = ShiftOf(complete);
    if (!Takes(operand, shift)) continue;
    if (distinct && !made.insert(Shifted(*literal, shift, whole)).second) continue;
    const bool same = whole && IsNeighbour(at.node, side, shift);
    found.push_back({std::move(complete), same ? "swap-cmp" : ""});
  }
  return found;
}

// An operand as a float32 value, lane by lane.
ir::Any InFloat32(const ir::Any& operand) {
  const DLDataType type = *ir::DTypeOf(operand);
  const bool already = type.code == kFloat32.code && type.bits == kFloat32.bits;
  return already ? operand : ir::MakeCast(kFloat32, operand);
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const Shift shift = ShiftOf(settings);
  ir::Any left = ir::LeftOf(at.node), right = ir::RightOf(at.node);
  if (shift.in_float) {
    left = InFloat32(left);
    right = InFloat32(right);
  }
  ir::Any& shifted = engine::ValueOf(settings, "side") == "left" ? left : right;
  shifted = Apply(shifted, shift);
  return ir::MakeBinary(ir::NameOf(ComparisonAt(at.node)->node), left, right);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "shift-threshold",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Moves the bound that a comparison compares against.",
    "A bound is computed wrongly: off by a few, scaled, or rounded through another type.",
    "The threshold mutants of MutateNN, arXiv 2306.01697; constant replacement in the bound of a "
    "loop or guard (CRP), King and Offutt, SP&E 21(7), 1991.",
    {"amounts that change nothing: adding 0, multiplying by 1 or a bound that is 0",
     "by default, an action that makes the same literal as an earlier one",
     "integers take whole amounts only, and no bound beyond their type",
     "operands that are booleans or handles"},
    {{"from", ComparisonNames(), "any comparison", "Only comparisons of this kind, as they stand."},
     {"side",
      {"left", "right"},
      "the one that is a literal, else the right one",
      "Which operand is the bound that moves."},
     {"action",
      {"add", "sub", "mul", "div", "percent"},
      "add, sub, mul and div in turn",
      "What is done to it; `percent` adds so many percent of it. Integers are divided rounding "
      "down, and stay integers."},
     {"amount",
      {"1", "2"},
      "of integers 1 for add and sub, 2 for mul and div, 50 percent; of other numbers 0.5, 2 and "
      "10 "
      "percent",
      "By how much; may be negative.",
      Form::kNumber},
     {"float",
      {"false", "true"},
      "false",
      "Whether both operands are cast to float32 first, so that any amount fits integers too."}},
    {keys::kLT, keys::kLE, keys::kGT, keys::kGE, keys::kEQ, keys::kNE},
    Replacements,
    Rewrite,
    "of integers, what swap-cmp makes too: `a < b + 1` is `a <= b`",
});

}  // namespace
}  // namespace mutatenn::operators
