// `duplicate-op`: a call applied to its own result.
#include "../ir/keys.h"
#include "graph_calls.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// What a second application takes: the result, or the first item of a tuple of results.
ir::Any DataOf(const ir::Any& call) {
  return ir::TensorOf(call) ? call : ir::MakeTupleItem(call, 0);
}

ir::Any Twice(const ir::Any& call, size_t data) { return ir::WithArg(call, data, DataOf(call)); }

// Whether a second application gives what the first did; a permutation of axes may not.
bool IsStable(const BoundCall& call) {
  return IsIdempotent(call.name) && call.name != "permute_dims" && call.name != "flip";
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::optional<BoundCall> call = CallAt(at);
  if (!call || !IsMeant(settings, call->name)) return {};
  const auto data = DataArgument(*at.graph, at.node);
  if (!data || IsStable(*call) || IsIdentity(*at.graph, *call, *data)) return {};
  const ir::Any type = ir::InferredType(Twice(at.node, *data));
  if (ir::IsNone(type) || !ir::SameType(type, call->type)) return {};
  return {Replacement{}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) {
  return Twice(at.node, *DataArgument(*at.graph, at.node));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "duplicate-op",
    "graph",
    1,
    {"graph"},
    "Applies a call a second time, to its own result.",
    "A graph rewrite copies an operator that it should have moved.",
    "Layer addition (LAm), which duplicates a layer, DeepMutation, Ma et al., "
    "ISSRE 2018, arXiv 1805.05206.",
    {"operators whose second application changes nothing: relu, abs, rounding, maximum, reshape",
     "calls that do not take their own result, or give another type from it",
     "calls that take several computed tensors", "launches of kernels (call_tir)"},
    {FunctionsParameter()},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
