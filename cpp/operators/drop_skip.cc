// `drop-skip`: a residual addition without its skip link.
#include <algorithm>

#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// Whether a call adds two values that are computed from something they share.
bool IsResidual(const ir::Graph& graph, const BoundCall& call) {
  if (call.name != "add") return false;
  if (graph.IsKnown(call.args[0]) || graph.IsKnown(call.args[1])) return false;
  const auto left = graph.SourcesOf(call.args[0]), right = graph.SourcesOf(call.args[1]);
  return std::any_of(left.begin(), left.end(),
                     [&right](const auto* source) { return right.count(source) > 0; });
}

// The shorter way from what both share is the link.
std::string_view LinkOf(const ir::Graph& graph, const BoundCall& call) {
  return graph.DepthOf(call.args[1]) < graph.DepthOf(call.args[0]) ? "right" : "left";
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || !IsResidual(*at.graph, *call)) return {};
  const std::string dropped(engine::ValueOf(settings, "operand", LinkOf(*at.graph, *call)));
  const ir::Any& kept = call->args[dropped == "left" ? 1 : 0];
  if (!ir::SameType(ir::TypeOf(kept), call->type)) return {};
  return {{{{"operand", dropped}}}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return ir::ArgsOf(at.node)[engine::ValueOf(settings, "operand") == "left" ? 1 : 0];
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-skip",
    "graph",
    1,
    {"graph"},
    "Drops the skip link of a residual addition: the other operand stands for the sum.",
    "An edge of the graph is lost where two branches join.",
    "Layer deactivation (LD) of DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206, for "
    "residual blocks; statement deletion (SDL), Deng, Offutt and Li, ICST 2013.",
    {"additions of a constant, such as a bias: drop-op drops those",
     "additions of values that share no ancestor, or where the kept operand has another type"},
    {{"operand", {"left", "right"}, "the one that fewer calls lead to", "Which operand is lost."}},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
