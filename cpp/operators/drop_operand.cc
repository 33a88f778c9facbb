// `drop-operand`: one operand of an operation, without the other.
#include <tvm/ffi/extra/structural_equal.h>

#include <array>
#include <cmath>

#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "values.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

struct Operation {
  const char* name;  // as users write it
  const char* node;  // TVM's node
  // The operand that changes nothing, on the right; on the left too where `commutative`.
  std::optional<int> neutral;
  bool commutative;
};

const std::array<Operation, 9> kOperations = {{
    {"add", keys::kAdd, 0, true},
    {"sub", keys::kSub, 0, false},
    {"mul", keys::kMul, 1, true},
    {"div", keys::kDiv, 1, false},
    {"floordiv", keys::kFloorDiv, 1, false},
    {"floormod", keys::kFloorMod, std::nullopt, false},
    {"mod", keys::kMod, std::nullopt, false},
    {"min", keys::kMin, std::nullopt, true},
    {"max", keys::kMax, std::nullopt, true},
}};

const Operation& OperationAt(const ir::Any& node) {
  const std::string_view key = ir::Schema::Get().TypeOf(node).key;
  for (const Operation& one : kOperations) {
    if (one.node == key) return one;
  }
  TVM_FFI_THROW(InternalError) << "not an operation with an operand to drop";
}

// Whether dropping one operand leaves the same value, whatever the other is.
bool IsIdle(const Operation& here, const ir::Any& dropped, bool right) {
  const std::optional<double> literal = ir::NumberIn(dropped);
  if (!here.neutral || !literal || *literal != *here.neutral) return false;
  // Of floating-point numbers, -0 + 0 is 0.
  const bool floating = ir::DomainOf(dropped) == ir::Domain::kFloat;
  const bool add = here.node == std::string_view(keys::kAdd);
  const bool sub = here.node == std::string_view(keys::kSub);
  if (floating && (add || sub) && std::signbit(*literal) != add) return false;
  return right || here.commutative;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const Operation& here = OperationAt(at.node);
  if (!IsNumber(at.node) || engine::ValueOf(settings, "from", here.name) != here.name) return {};
  const ir::Any left = ir::LeftOf(at.node), right = ir::RightOf(at.node);
  const bool equal = tvm::ffi::StructuralEqual::Equal(left, right);
  if (equal && !here.neutral && here.commutative) return {};
  std::vector<Replacement> found;
  for (const std::string& side : engine::ValuesOf(settings, "drop", {"right", "left"})) {
    if (equal && side == "left") continue;
    if (IsIdle(here, side == "right" ? right : left, side == "right")) continue;
    found.push_back({{{"drop", side}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const bool right = engine::ValueOf(settings, "drop") == "right";
  return right ? ir::LeftOf(at.node) : ir::RightOf(at.node);
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const Operation& one : kOperations) names.push_back(one.name);
  return names;
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-operand",
    "arithmetic",
    1,
    {"tensor", "kernel"},
    "Leaves one operand of an arithmetic operation in place of the whole.",
    "A term, a factor or a bound of a clamp is lost, in the computation or in an address.",
    "Operator deletion (ODL), Delamaro, Offutt and Ammann, ICST 2014; the leftop and rightop of "
    "arithmetic operator replacement (AOR), Offutt et al., TOSEM 5(2), 1996.",
    {"operands that change nothing: adding 0, multiplying or dividing by 1 (of floating-point "
     "numbers not adding 0, which makes 0 of -0)",
     "the minimum or maximum of equal operands; of equal operands else, the left one",
     "operations on handles and booleans"},
    {{"from", Names(), "any of them", "Only operations of this kind."},
     {"drop", {"left", "right"}, "the right one, then the left", "Which operand goes."}},
    {keys::kAdd, keys::kSub, keys::kMul, keys::kDiv, keys::kFloorDiv, keys::kFloorMod, keys::kMod,
     keys::kMin, keys::kMax},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
