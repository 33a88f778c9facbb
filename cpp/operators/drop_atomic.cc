// `drop-atomic`: an atomic addition in steps that another thread may come between.
#include "../engine/operator.h"
#include "../ir/atomic.h"
#include "../ir/keys.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings&) {
  if (!ir::IsAtomicAdd(at.node)) return {};
  return {Replacement{}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) { return ir::WithoutAtomic(at.node); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-atomic",
    "accelerator",
    1,
    {"tensor", "kernel"},
    "Makes an atomic addition a load, an addition and a store.",
    "An update of memory that threads share is not atomic: of two at a time one is lost.",
    "Removal of atomic operations, one of the operators for GPU programs of Zhu and Zaidman, ICST "
    "2020.",
    {"atomic additions to an address other than an element's, or of another type than its: it "
     "cannot be told what they load",
     "values used inside a larger expression: only a statement can be taken apart",
     "kernels of models: TVM 0.27 emits no atomic addition of its own, so all are written by hand"},
    {},
    {keys::kEvaluate, keys::kBind, keys::kStore},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
