// `swap-operands`: the operands of an operation, exchanged.
#include <tvm/ffi/extra/structural_equal.h>

#include <array>

#include "../ir/expr.h"
#include "../ir/intrinsic.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "comparisons.h"
#include "values.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// An operation whose operands are not alike.
struct Operation {
  const char* name;  // as users write it
  const char* node;  // TVM's node; of a function, a call
};

constexpr std::array<Operation, 16> kOperations = {{
    {"sub", keys::kSub},
    {"div", keys::kDiv},
    {"floordiv", keys::kFloorDiv},
    {"floormod", keys::kFloorMod},
    {"mod", keys::kMod},
    {"shift-left", keys::kLShift},
    {"shift-right", keys::kRShift},
    {"lt", keys::kLT},
    {"le", keys::kLE},
    {"gt", keys::kGT},
    {"ge", keys::kGE},
    {"pow", keys::kCall},
    {"atan2", keys::kCall},
    {"fmod", keys::kCall},
    {"copysign", keys::kCall},
    {"nextafter", keys::kCall},
}};

// The name of the operation that a node is; "" where it is none.
std::string_view NameAt(const ir::Any& node) {
  const std::string_view key = ir::Schema::Get().TypeOf(node).key;
  const std::string_view function = ir::IntrinsicOf(node);
  for (const Operation& one : kOperations) {
    if (one.node == key && (key != keys::kCall || one.name == function)) return one.name;
  }
  return "";
}

// Whether the left operand cannot stand on the right.
bool IsRefusedOnRight(const ir::Any& node, const ir::Any& left) {
  const std::optional<int64_t> literal = ir::IntegerIn(left);
  return literal && !FitsAsRight(node, *literal);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::string_view name = NameAt(at.node);
  if (name.empty() || engine::ValueOf(settings, "from", name) != name) return {};
  const bool call = ir::Schema::Get().TypeOf(at.node).key == keys::kCall;
  const ir::Any left = call ? ir::ArgumentOf(at.node, 0) : ir::LeftOf(at.node);
  const ir::Any right = call ? ir::ArgumentOf(at.node, 1) : ir::RightOf(at.node);
  if (!IsNumber(left) || tvm::ffi::StructuralEqual::Equal(left, right)) return {};
  if (!call && IsRefusedOnRight(at.node, left)) return {};
  return {Replacement{{}, ComparisonAt(at.node) == nullptr ? "" : "swap-cmp"}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) {
  if (ir::Schema::Get().TypeOf(at.node).key == keys::kCall) {
    return ir::WithArgumentsSwapped(at.node);
  }
  const auto& operands = ir::Schema::Get().TypeOf(at.node).executed;
  const ir::Any left = operands[0].Get(at.node), right = operands[1].Get(at.node);
  return operands[1].With(operands[0].With(at.node, right), left);
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const Operation& one : kOperations) names.push_back(one.name);
  return names;
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-operands",
    "arithmetic",
    1,
    {"tensor", "kernel"},
    "Exchanges the operands of an operation in which they are not alike.",
    "Operands are emitted in the wrong order: a difference is negated, a quotient inverted.",
    "Argument switching (ArgSwiAli) of interface mutation, Delamaro, Maldonado and Mathur, IEEE "
    "TSE "
    "27(3), 2001, on the operands of an operation.",
    {"operations that are commutative, floating-point ones included: IEEE 754 rounds both orders "
     "alike",
     "equal operands",
     "integer divisions of 0 and shifts of what is no number of bits: the result would divide by "
     "0, "
     "or shift by it",
     "operands that are booleans or handles"},
    {{"from", Names(), "any of them", "Only operations of this kind."}},
    {keys::kSub, keys::kDiv, keys::kFloorDiv, keys::kFloorMod, keys::kMod, keys::kLShift,
     keys::kRShift, keys::kLT, keys::kLE, keys::kGT, keys::kGE, keys::kCall},
    Replacements,
    Rewrite,
    "comparisons, by swap-cmp: `b < a` is `a > b`",
});

}  // namespace
}  // namespace mutatenn::operators
