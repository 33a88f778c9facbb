// `swap-block-thread`: the index of a block and that of a thread taken for each other.
#include "../ir/keys.h"
#include "../ir/thread_axis.h"
#include "thread_axes.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// The thread axis of a block axis's direction, or the other way round.
std::string PartnerOf(const std::string& tag) {
  return (IsOfBlocks(tag) ? "threadIdx." : "blockIdx.") + std::string(DirectionOf(tag));
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<ir::ThreadAxis> axis = ir::ThreadAxisAt(at.node);
  if (!axis || DirectionOf(axis->tag).size() != 1) return {};
  const auto made = Exchange(at, PartnerOf(axis->tag), settings, ir::Cooperation::kThread);
  return made ? std::vector<Replacement>{*made} : std::vector<Replacement>{};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return Exchanged(at, PartnerOf(ir::ThreadAxisAt(at.node)->tag), settings);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-block-thread",
    "accelerator",
    1,
    {"kernel"},
    "Exchanges the axis of blocks and that of threads in one direction.",
    "blockIdx.x is written where threadIdx.x is meant, and the other way round.",
    "Replacement of index variables, one of the operators for GPU programs of Zhu and Zaidman, "
    "ICST "
    "2020; scalar variable replacement (SVR), King and Offutt, SP&E 21(7), 1991.",
    {"directions of which only one axis is bound in the launch, or one at several places",
     "extents=move of axes with equal extents: it makes the same as keep",
     "stage tensor: kernels are planted there before threads are bound"},
    {Extents()},
    {keys::kAttr},
    Replacements,
    Rewrite,
    "",
    "where each variable runs as far as before and threads share nothing: another thread does the "
    "same work; what exceeds the device's limits fails still",
});

}  // namespace
}  // namespace mutatenn::operators
