// `swap-layers`: two layers that follow each other, in the other order.
#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// A layer with the one before it; each takes one computed tensor.
struct Pair {
  ir::Any earlier, later;
  size_t earlier_data, later_data;
};

std::optional<Pair> PairAt(const ir::Cursor& at) {
  const auto later_data = DataArgument(*at.graph, at.node);
  if (!later_data) return std::nullopt;
  const ir::Any between = ir::ArgsOf(at.node)[*later_data];
  if (!ir::IsVar(between) || at.graph->UsesOf(between) != 1) return std::nullopt;
  const ir::Any earlier = at.graph->ProducerOf(between);
  if (ir::IsNone(earlier) || ir::OperatorOf(earlier).empty()) return std::nullopt;
  const auto earlier_data = DataArgument(*at.graph, earlier);
  if (!earlier_data) return std::nullopt;
  return Pair{earlier, at.node, *earlier_data, *later_data};
}

ir::Any Exchanged(const Pair& pair) {
  const ir::Any data = ir::ArgsOf(pair.earlier)[pair.earlier_data];
  const ir::Any first = ir::WithArg(pair.later, pair.later_data, data);
  const ir::Any second = ir::WithArg(pair.earlier, pair.earlier_data, first);
  return ir::TensorOf(pair.earlier) ? second : ir::MakeTupleItem(second, 0);
}

bool IsMonotone(std::string_view name) {
  return IsOneOf(name, {"exp", "nn.leakyrelu", "nn.relu", "sigmoid", "sqrt", "tanh"});
}

bool IsMaxPool(std::string_view name) {
  return IsOneOf(name, {"nn.max_pool1d", "nn.max_pool2d", "nn.max_pool3d"});
}

// Whether the order of the two makes no difference.
bool Commute(const Pair& pair) {
  const std::string f = ir::OperatorOf(pair.earlier), g = ir::OperatorOf(pair.later);
  auto either = [&](auto is_one, auto is_other) {
    return (is_one(f) && is_other(g)) || (is_one(g) && is_other(f));
  };
  if (either(IsElementwise, IsMove) || either(IsMonotone, IsMaxPool)) return true;
  if (f != g) return false;
  const bool sums_up = IsOneOf(f, {"add", "maximum", "minimum", "multiply", "subtract"});
  return sums_up || (ir::ArgsOf(pair.earlier).size() == 1 &&
                     SameExpr(ir::AttrsOf(pair.earlier), ir::AttrsOf(pair.later)));
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || !IsMeant(settings, call->name)) return {};
  const std::optional<Pair> pair = PairAt(at);
  if (!pair || Commute(*pair)) return {};
  if (!ir::TensorOf(pair->earlier) && ir::OperatorOf(pair->earlier) != "nn.batch_norm") return {};
  const ir::Any data = ir::ArgsOf(pair->earlier)[pair->earlier_data];
  if (ir::IsNone(ir::InferredType(ir::WithArg(pair->later, pair->later_data, data)))) return {};
  const ir::Any type = ir::InferredType(Exchanged(*pair));
  if (ir::IsNone(type) || !ir::SameType(type, call->type)) return {};
  return {Replacement{}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) { return Exchanged(*PairAt(at)); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-layers",
    "graph",
    1,
    {"graph"},
    "Exchanges a layer with the one before it.",
    "A graph rewrite moves an operator past another one that it does not commute with.",
    "Layer node replacement of MutateNN, arXiv 2306.01697, for two nodes at once.",
    {"layers of several computed tensors, and a value between the two that others read too",
     "pairs that commute: elementwise operators and moves of elements, monotone operators and "
     "max_pool, two additions, two equal layers",
     "pairs that do not type-check in the other order, or give another type"},
    {FunctionsParameter()},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
