// `tweak-int`: an integer literal that is a little off.
#include <optional>
#include <set>

#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "comparisons.h"
#include "literals.h"
#include "values.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// What an action makes of an integer; nothing beyond 64 bits.
std::optional<int64_t> Tweaked(int64_t value, std::string_view action, int64_t amount) {
  int64_t result = 0;
  bool beyond = false;
  if (action == "add") beyond = __builtin_add_overflow(value, amount, &result);
  if (action == "sub") beyond = __builtin_sub_overflow(value, amount, &result);
  if (action == "negate") beyond = __builtin_sub_overflow(int64_t{0}, value, &result);
  return beyond ? std::nullopt : std::optional<int64_t>(result);
}

// Whether an integer lies in a type.
bool IsInType(DLDataType type, int64_t value) {
  if (type.code == kDLUInt) return value >= 0 && (type.bits >= 63 || value >> type.bits == 0);
  if (type.bits == 64) return true;
  const int64_t half = int64_t{1} << (type.bits - 1);
  return -half <= value && value < half;
}

bool Takes(const ir::Cursor& at, int64_t before, int64_t after) {
  if (after == before || !IsInType(*ir::DTypeOf(at.node), after)) return false;
  return at.role() != "b" || FitsAsRight(at.parent, after);
}

// Whether the literal is the bound that `shift-threshold` moves.
bool IsThreshold(const ir::Cursor& at) {
  if (at.path.empty() || ComparisonAt(at.parent) == nullptr) return false;
  return at.role() == "b" || !ir::IsLiteral(Sibling(at));
}

std::string_view SameAs(const ir::Cursor& at, int64_t before, int64_t after) {
  const bool neighbour = after - 1 == before || after + 1 == before;
  if (neighbour && IsThreshold(at)) return "shift-threshold";
  if (neighbour && IsOffsetOfIndex(at)) return "shift-index";
  return SameAsLiteral(at, static_cast<double>(before), static_cast<double>(after));
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (ir::DomainOf(at.node) != ir::Domain::kInteger || !IsConstantPlace(at)) return {};
  const int64_t before = *ir::IntegerIn(at.node);
  std::string_view amount = engine::ValueOf(settings, "amount");
  std::set<int64_t> made;
  std::vector<Replacement> found;
  for (const std::string& action :
       engine::ValuesOf(settings, "action", {"add", "sub", "zero", "negate"})) {
    const bool counts = action == "add" || action == "sub";
    if (!counts && !amount.empty()) continue;
    Settings complete = {{"action", action}};
    if (counts) complete["amount"] = amount.empty() ? "1" : amount;
    const int64_t by = counts ? engine::IntegerOf(complete["amount"]) : 0;
    const std::optional<int64_t> after = Tweaked(before, action, by);
    if (!after || !Takes(at, before, *after) || !made.insert(*after).second) continue;
    found.push_back({std::move(complete), std::string(SameAs(at, before, *after))});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const int64_t by = engine::IntegerOf(engine::ValueOf(settings, "amount", "0"));
  const int64_t before = *ir::IntegerIn(at.node);
  return ir::MakeInteger(*Tweaked(before, engine::ValueOf(settings, "action"), by), at.node);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "tweak-int",
    "constant",
    1,
    {"tensor", "kernel"},
    "Changes an integer literal: by an amount, to 0 or to its negative.",
    "A stride, an offset, a bound or a factor is computed or folded wrongly.",
    "Constant replacement (CRP), King and Offutt, SP&E 21(7), 1991; the inline constant and CRCR "
    "mutators of PIT.",
    {"the whole of a loop's bound, which tweak-extent and tweak-min change, and the literal that a "
     "block's axis is bound to, which is the only value that the axis has",
     "numbers beyond the literal's type; divisors that become 0, which TVM refuses; shifts by less "
     "than nothing or by a whole word",
     "an action that makes the same number as an earlier one",
     "booleans, and arguments of calls other than mathematical functions, which are sizes and "
     "flags"},
    {{"action",
      {"add", "sub", "zero", "negate"},
      "add, sub, zero and negate in turn",
      "What is done to the literal."},
     {"amount", {"1"}, "1", "By how much, for add and sub.", Form::kInteger, 1}},
    {keys::kIntImm},
    Replacements,
    Rewrite,
    "by 1 in the bound of a comparison, by shift-threshold; by 1 in an index, by shift-index; "
    "operands that then change nothing, by drop-operand; signs that another operator changes as "
    "well, by swap-arith and negate-expr",
});

}  // namespace
}  // namespace mutatenn::operators
