// `replace-op`: one operator of the graph in place of another.
#include <algorithm>
#include <map>

#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

using Names = std::vector<std::string>;

constexpr double kLeakySlope = 0.01;

// Operators that take the same arguments and attributes; any may stand for any.
const std::vector<Names> kFamilies = {
    {"abs",     "ceil",     "cos",     "erf",          "exp",          "floor",
     "log",     "negative", "nn.gelu", "nn.gelu_tanh", "nn.leakyrelu", "nn.relu",
     "nn.selu", "nn.silu",  "round",   "rsqrt",        "sigmoid",      "sign",
     "sin",     "sqrt",     "square",  "tanh"},
    {"add", "divide", "floor_divide", "maximum", "minimum", "mod", "multiply", "power", "subtract"},
    {"nn.avg_pool1d", "nn.max_pool1d"},
    {"nn.avg_pool2d", "nn.max_pool2d"},
    {"nn.avg_pool3d", "nn.max_pool3d"},
    {"nn.log_softmax", "nn.softmax"},
    {"max", "mean", "min", "prod", "std", "sum", "variance"},
    {"argmax", "argmin"},
    {"equal", "greater", "greater_equal", "less", "less_equal", "not_equal"},
    {"logical_and", "logical_or", "logical_xor"},
    {"isfinite", "isinf", "isnan"}};

// What is offered where `to` is left out, the first choice first; families of two need no row.
const std::map<std::string, Names> kPartners = {
    {"abs", {"negative"}},
    {"ceil", {"floor"}},
    {"cos", {"sin"}},
    {"erf", {"tanh"}},
    {"exp", {"square"}},
    {"floor", {"ceil"}},
    {"log", {"sqrt"}},
    {"negative", {"abs"}},
    {"nn.gelu", {"nn.relu", "sigmoid"}},
    {"nn.gelu_tanh", {"nn.relu", "sigmoid"}},
    {"nn.leakyrelu", {"nn.relu", "sigmoid"}},
    {"nn.relu", {"sigmoid", "tanh", "nn.gelu", "nn.leakyrelu"}},
    {"nn.selu", {"nn.relu", "sigmoid"}},
    {"nn.silu", {"nn.relu", "sigmoid"}},
    {"round", {"floor"}},
    {"rsqrt", {"sqrt"}},
    {"sigmoid", {"tanh", "nn.relu"}},
    {"sign", {"tanh"}},
    {"sin", {"cos"}},
    {"sqrt", {"square"}},
    {"square", {"abs"}},
    {"tanh", {"sigmoid", "nn.relu"}},
    {"add", {"subtract"}},
    {"divide", {"multiply"}},
    {"floor_divide", {"mod"}},
    {"maximum", {"minimum"}},
    {"minimum", {"maximum"}},
    {"mod", {"floor_divide"}},
    {"multiply", {"divide"}},
    {"power", {"multiply"}},
    {"subtract", {"add"}},
    {"max", {"min", "mean"}},
    {"mean", {"sum", "max"}},
    {"min", {"max"}},
    {"prod", {"sum"}},
    {"std", {"variance"}},
    {"sum", {"mean"}},
    {"variance", {"std"}},
    {"equal", {"not_equal"}},
    {"greater", {"greater_equal", "less"}},
    {"greater_equal", {"greater", "less_equal"}},
    {"less", {"less_equal", "greater"}},
    {"less_equal", {"less", "greater_equal"}},
    {"not_equal", {"equal"}},
    {"logical_and", {"logical_or"}},
    {"logical_or", {"logical_and"}},
    {"logical_xor", {"logical_or"}},
    {"isfinite", {"isnan"}},
    {"isinf", {"isnan"}},
    {"isnan", {"isinf"}}};

const Names& FamilyOf(const std::string& name) {
  static const Names none;
  for (const Names& family : kFamilies) {
    if (std::find(family.begin(), family.end(), name) != family.end()) return family;
  }
  return none;
}

const Names& PartnersOf(const std::string& name, const Names& family) {
  auto it = kPartners.find(name);
  return it == kPartners.end() ? family : it->second;
}

ir::Any Replaced(const ir::Any& call, const std::string& to) {
  if (to == "nn.leakyrelu") return ir::MakeLeakyRelu(ir::ArgsOf(call)[0], kLeakySlope, call);
  if (IsElementwise(to)) return ir::MakeCall(to, ir::ArgsOf(call), call);
  return ir::WithOperator(call, to);
}

bool AllOne(const std::vector<int64_t>& values) {
  return std::all_of(values.begin(), values.end(), [](int64_t value) { return value == 1; });
}

// The extents that one element of a reduction's result is made of; none if not known.
int64_t ElementsReduced(const BoundCall& call) {
  const auto from = ir::TensorOf(call.args[0]), to = ir::TensorOf(call.type);
  if (!from || !to) return 0;
  int64_t before = 1, after = 1;
  for (int64_t extent : from->shape) before *= extent;
  for (int64_t extent : to->shape) after *= extent;
  return after == 0 ? 0 : before / after;
}

// Whether the two compute the same at this place.
bool IsEqual(const ir::Graph& graph, const ir::Any& node, const BoundCall& call,
             const std::string& to) {
  auto one_of_each = [&](const char* a, const char* b) {
    return (call.name == a && to == b) || (call.name == b && to == a);
  };
  if (call.args.size() == 2) {
    if (one_of_each("maximum", "minimum") && SameExpr(call.args[0], call.args[1])) return true;
    if (one_of_each("add", "subtract")) return IsFilledWith(graph, call.args[1], 0);
    return one_of_each("multiply", "divide") && IsFilledWith(graph, call.args[1], 1);
  }
  const std::vector<int64_t> window = ir::IntegersIn(ir::AttrOf(node, "pool_size"));
  if (!window.empty()) return AllOne(window);
  const bool selects = IsOneOf(call.name, {"max", "mean", "min", "prod", "sum"}) &&
                       IsOneOf(to, {"max", "mean", "min", "prod", "sum"});
  return selects && ElementsReduced(call) == 1;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call) return {};
  const Names& family = FamilyOf(call->name);
  std::string_view from = engine::ValueOf(settings, "from", call->name);
  const auto wanted = engine::SplitNames(from);
  if (std::find(wanted.begin(), wanted.end(), call->name) == wanted.end()) return {};
  std::vector<Replacement> found;
  for (const std::string& to : engine::ValuesOf(settings, "to", PartnersOf(call->name, family))) {
    const bool fits = std::find(family.begin(), family.end(), to) != family.end();
    if (!fits || to == call->name || IsEqual(*at.graph, at.node, *call, to)) continue;
    const ir::Any type = ir::InferredType(Replaced(at.node, to));
    if (!ir::IsNone(type) && ir::SameType(type, call->type)) found.push_back({{{"to", to}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return Replaced(at.node, std::string(engine::ValueOf(settings, "to")));
}

Names AllNames() {
  Names all;
  for (const Names& family : kFamilies) all.insert(all.end(), family.begin(), family.end());
  return all;
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "replace-op",
    "graph",
    1,
    {"graph"},
    "Replaces an operator of the graph by another that takes the same arguments.",
    "An operator is translated as a related one: another activation, pooling, reduction or "
    "arithmetic.",
    "Layer and arithmetic node replacement of MutateNN, arXiv 2306.01697; operator replacement, "
    "King and Offutt, SP&E 21(7), 1991.",
    {"replacements whose result would have another shape or element type",
     "what is equal at the place: adding or subtracting 0, multiplying or dividing by 1, pooling "
     "over windows of one element, reductions of one element, and the larger or smaller of a value "
     "and itself",
     "launches of kernels (call_tir)"},
    {{"from",
      {},
      "any operator that has a replacement",
      "Only calls of these operators.",
      engine::Form::kOperators},
     {"to", AllNames(),
      "subtract for add, divide for multiply, minimum for maximum and the other way round, "
      "sigmoid, "
      "tanh, gelu and leakyrelu for relu, avg_pool for max_pool and the other way round, "
      "log_softmax for softmax; one or two relatives of each other operator",
      "The operator that stands there instead; leakyrelu has the slope 0.01."}},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
