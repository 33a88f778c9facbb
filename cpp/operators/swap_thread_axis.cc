// `swap-thread-axis`: two axes of threads, or two of blocks, taken for each other.
#include "../ir/keys.h"
#include "../ir/thread_axis.h"
#include "thread_axes.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<ir::ThreadAxis> axis = ir::ThreadAxisAt(at.node);
  if (!axis) return {};
  std::vector<Replacement> found;
  for (const std::string& other : engine::ValuesOf(settings, "with", ThreadTags())) {
    if (other == axis->tag || IsOfBlocks(other) != IsOfBlocks(axis->tag)) continue;
    if (auto made = Exchange(at, other, settings, ir::Cooperation::kBlock)) {
      made->settings["with"] = other;
      found.push_back(*made);
    }
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return Exchanged(at, settings.at("with"), settings);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-thread-axis",
    "accelerator",
    1,
    {"kernel"},
    "Exchanges two axes of threads, or two of blocks.",
    "Rows and columns are confused: what threadIdx.x counts is taken from threadIdx.y.",
    "Replacement of index variables, one of the operators for GPU programs of Zhu and Zaidman, "
    "ICST "
    "2020; scalar variable replacement (SVR), King and Offutt, SP&E 21(7), 1991.",
    {"axes of which only one is bound in the launch, or one at several places side by side",
     "extents=move of axes with equal extents: it makes the same as keep",
     "stage tensor: kernels are planted there before threads are bound"},
    {{"with", ThreadTags(), "each that is bound inside the axis in turn", "The other axis."},
     Extents()},
    {keys::kAttr},
    Replacements,
    Rewrite,
    "",
    "where as many threads are launched on each variable as before, and they share nothing but "
    "through barriers and shared memory: another thread does the same work. A launch of more "
    "blocks "
    "or threads along an axis than the device allows still fails",
});

}  // namespace
}  // namespace mutatenn::operators
