// `swap-args`: two neighbouring arguments of a call, exchanged.
#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

bool IsCommutative(std::string_view name) {
  return IsOneOf(name,
                 {"add", "bitwise_and", "bitwise_or", "bitwise_xor", "equal", "logical_and",
                  "logical_or", "logical_xor", "maximum", "minimum", "multiply", "not_equal"});
}

ir::Any Swapped(const ir::Any& call, size_t first) {
  ir::Array<ir::Any> args = ir::ArgsOf(call);
  const ir::Any kept = args[first];
  args.Set(first, args[first + 1]);
  args.Set(first + 1, kept);
  return ir::WithArgs(call, args);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || !IsMeant(settings, call->name) || IsCommutative(call->name)) return {};
  std::string_view wanted = engine::ValueOf(settings, "argument");
  std::vector<Replacement> found;
  for (size_t i = 0; i + 1 < call->args.size(); ++i) {
    if (!wanted.empty() && engine::IntegerOf(wanted) != static_cast<int64_t>(i)) continue;
    if (!ir::TensorOf(call->args[i]) || !ir::TensorOf(call->args[i + 1])) continue;
    if (SameExpr(call->args[i], call->args[i + 1])) continue;
    const ir::Any type = ir::InferredType(Swapped(at.node, i));
    if (!ir::IsNone(type) && ir::SameType(type, call->type)) {
      found.push_back({{{"argument", std::to_string(i)}}});
    }
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return Swapped(at.node, engine::IntegerOf(engine::ValueOf(settings, "argument")));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-args",
    "graph",
    1,
    {"graph"},
    "Exchanges two neighbouring arguments of a call.",
    "Operands are bound to the wrong parameters: the divisor for the dividend, a mean for a "
    "variance.",
    "Argument switch (ArgSwi) of interface mutation: Delamaro, Maldonado and Mathur, IEEE TSE "
    "27(3), 2001.",
    {"commutative operators: the result is the same",
     "arguments that are the same value, and exchanges that give another type",
     "launches of kernels (call_tir)"},
    {{"argument",
      {"0", "1"},
      "each pair that fits, in turn",
      "The first of the two, counted from 0.",
      Form::kInteger,
      0},
     FunctionsParameter()},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
