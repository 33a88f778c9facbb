// `drop-sync`: threads go on without waiting for each other.
#include <tvm/ffi/extra/structural_equal.h>

#include "../engine/operator.h"
#include "../ir/barrier.h"
#include "../ir/keys.h"
#include "../ir/sequence_neighbours.h"
#include "../ir/stmt.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::string scope = ir::BarrierScope(at.node);
  if (scope.empty() || engine::ValueOf(settings, "scope", scope) != scope) return {};
  for (const ir::Any& beside : ir::NeighboursOf(at)) {
    if (tvm::ffi::StructuralEqual::Equal(at.node, beside)) return {};
  }
  return {Replacement{}};
}

ir::Any Rewrite(const ir::Cursor&, const Settings&) { return ir::MakeNothing(); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-sync",
    "accelerator",
    1,
    {"tensor", "kernel"},
    "Drops a barrier.",
    "A barrier is forgotten, or taken for redundant and removed: a thread reads what another has "
    "not written yet, or overwrites what another has still to read.",
    "Removal of synchronisation, one of the operators for GPU programs of Zhu and Zaidman, ICST "
    "2020; statement deletion (SDL), Deng, Offutt and Li, ICST 2013.",
    {"a barrier right beside an equal one: the other one orders the same accesses",
     "kernels for CPUs, and those at stage tensor: TVM inserts barriers when it lowers for a GPU, "
     "so before that only barriers written by hand are there"},
    {{"scope",
      {"shared", "shared.dyn", "warp", "cluster", "global"},
      "any",
      "Only barriers of this memory."}},
    {keys::kEvaluate},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
