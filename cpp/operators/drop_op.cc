// `drop-op`: the data that a call takes, in place of what it makes of them.
#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// What batch_norm gives besides the data: the running mean and variance that it takes.
ir::Any Passed(const BoundCall& call, size_t data) {
  if (call.name != "nn.batch_norm") return call.args[data];
  return ir::MakeTuple({call.args[data], call.args[3], call.args[4]});
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || !IsMeant(settings, call->name)) return {};
  const auto data = DataArgument(*at.graph, at.node);
  if (!data || IsIdentity(*at.graph, *call, *data)) return {};
  const ir::Any passed = Passed(*call, *data);
  if (!ir::SameType(ir::TypeOf(passed), call->type)) return {};
  return {Replacement{}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) {
  return Passed(*CallAt(at), *DataArgument(*at.graph, at.node));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-op",
    "graph",
    1,
    {"graph"},
    "Drops a call: its data argument stands for its result.",
    "A graph rewrite removes an operator that it takes for redundant: an activation, a bias, a "
    "normalisation.",
    "Layer deactivation (LD) and activation function removal (AFRm), DeepMutation, Ma et al., "
    "ISSRE 2018, arXiv 1805.05206.",
    {"calls that take several computed tensors: drop-skip drops those of additions",
     "calls whose result has another shape or element type than the data",
     "calls that change nothing: a reshape to the same shape, relu of relu, adding 0",
     "launches of kernels (call_tir)"},
    {FunctionsParameter()},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
