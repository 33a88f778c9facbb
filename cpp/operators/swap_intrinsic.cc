// `swap-intrinsic`: one mathematical function in place of a related one.
#include <array>
#include <optional>

#include "../ir/intrinsic.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "values.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// A function of one argument.
struct Function {
  const char* name;
  // Functions of one number are taken for one another.
  int group;
  // llvm, opencl and cuda all compile it for 16-bit floats.
  bool on_halves;
};

constexpr std::array<Function, 27> kFunctions = {{
    {"exp", 0, true},   {"exp2", 0, true},      {"exp10", 0, true},  {"log", 1, true},
    {"log2", 1, true},  {"log10", 1, true},     {"log1p", 1, false}, {"sqrt", 2, true},
    {"rsqrt", 2, true}, {"floor", 3, true},     {"ceil", 3, true},   {"round", 3, true},
    {"trunc", 3, true}, {"nearbyint", 3, true}, {"tanh", 4, true},   {"sigmoid", 4, true},
    {"erf", 4, false},  {"sin", 5, true},       {"cos", 5, true},    {"tan", 5, false},
    {"sinh", 6, false}, {"cosh", 6, false},     {"asin", 7, false},  {"acos", 7, false},
    {"atan", 7, false}, {"asinh", 8, false},    {"atanh", 8, false},
}};

// The function of that name; nothing where the table lacks it.
std::optional<Function> Named(std::string_view name) {
  for (const Function& one : kFunctions) {
    if (one.name == name) return one;
  }
  return std::nullopt;
}

bool RoundsToEven(std::string_view name) { return name == "round" || name == "nearbyint"; }

bool CanReplace(const Function& here, const Function& other, bool halves) {
  const std::string_view from = here.name, to = other.name;
  if (here.group != other.group || from == to || (halves && !other.on_halves)) return false;
  return !(RoundsToEven(from) && RoundsToEven(to));
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<Function> here = Named(ir::IntrinsicOf(at.node));
  if (!here || engine::ValueOf(settings, "from", here->name) != here->name) return {};
  const bool halves = ir::DTypeOf(at.node)->bits == 16;
  std::string_view to = engine::ValueOf(settings, "to");
  std::vector<Replacement> found;
  for (const Function& other : kFunctions) {
    if (!CanReplace(*here, other, halves)) continue;
    if (to.empty() || to == other.name) found.push_back({{{"to", other.name}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return ir::WithIntrinsic(at.node, engine::ValueOf(settings, "to"));
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const Function& one : kFunctions) names.push_back(one.name);
  return names;
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-intrinsic",
    "arithmetic",
    1,
    {"tensor", "kernel"},
    "Replaces a mathematical function by a related one of the same argument.",
    "A function is lowered to the wrong one: of another base, its inverse, rounding another way.",
    "Arithmetic node replacement of MutateNN, arXiv 2306.01697; change of the activation function "
    "(ACH) of DeepCrime, Humbatova, Jahangirova and Tonella, ISSTA 2021.",
    {"round and nearbyint for one another: TVM lowers both to rounding half to even on llvm, "
     "opencl "
     "and cuda",
     "of 16-bit floats, functions that llvm, opencl or cuda do not compile for them: log1p, erf, "
     "tan and the hyperbolic and inverse ones",
     "functions of two arguments: swap-operands is their fault"},
    {{"from", Names(), "any function", "Only calls of this function."},
     {"to", Names(), "each other one of its group in turn",
      "What is called instead: exp, exp2, exp10; log, log2, log10, log1p; sqrt, rsqrt; floor, "
      "ceil, "
      "round, trunc, nearbyint; tanh, sigmoid, erf; sin, cos, tan; sinh, cosh; asin, acos, atan; "
      "asinh, atanh. The target `c` has no exp2 and no exp10."}},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
