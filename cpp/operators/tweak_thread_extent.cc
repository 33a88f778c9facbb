// `tweak-thread-extent`: a launch of too many or too few threads or blocks.
#include <set>

#include "../engine/operator.h"
#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "../ir/thread_axis.h"
#include "thread_axes.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// The new extent; nothing where it would be no other, or none that can be launched.
std::optional<int64_t> Changed(int64_t extent, std::string_view change) {
  if (change == "add") return extent + 1;
  const int64_t less = change == "sub" ? extent - 1 : extent / 2;
  return less < 1 ? std::nullopt : std::optional(less);
}

bool Fits(DLDataType type, int64_t extent) {
  return type.code == kDLInt && type.lanes == 1 && (type.bits > 32 || extent <= INT32_MAX);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::optional<ir::ThreadAxis> axis = ir::ThreadAxisAt(at.node);
  if (!axis || engine::ValueOf(settings, "axis", axis->tag) != axis->tag) return {};
  const std::optional<int64_t> extent = ir::IntegerIn(axis->extent);
  if (!extent || !ir::HoldsAllOf(at, axis->tag)) return {};
  const DLDataType type = *ir::DTypeOf(axis->extent);
  std::vector<Replacement> found;
  if (auto asked = settings.find("to"); asked != settings.end()) {
    const int64_t to = engine::IntegerOf(asked->second);
    const bool both = settings.count("change") != 0;
    if (to != *extent && Fits(type, to) && !both) found.push_back({{{"to", asked->second}}});
    return found;
  }
  std::set<int64_t> made;
  for (const std::string& change : engine::ValuesOf(settings, "change", {"add", "sub", "half"})) {
    const std::optional<int64_t> to = Changed(*extent, change);
    // Half of two is one less than two.
    if (!to || !Fits(type, *to) || !made.insert(*to).second) continue;
    found.push_back({{{"change", change}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const ir::ThreadAxis axis = *ir::ThreadAxisAt(at.node);
  const auto asked = settings.find("to");
  const int64_t to = asked != settings.end()
                         ? engine::IntegerOf(asked->second)
                         : *Changed(*ir::IntegerIn(axis.extent), settings.at("change"));
  const ir::Any extent = ir::MakeInteger(to, axis.extent);
  return ir::WithThreadAxes(at.node, [&](const ir::ThreadAxis& each) {
    return each.tag == axis.tag ? ir::ThreadAxis{each.tag, each.var, extent} : each;
  });
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "tweak-thread-extent",
    "accelerator",
    1,
    {"kernel"},
    "Launches more or fewer threads or blocks.",
    "The launch configuration is computed wrongly: work is left undone, done twice, or done beyond "
    "the end.",
    "change_block of MutateNN, arXiv 2306.01697; changed launch configurations are among the "
    "operators for GPU programs of Zhu and Zaidman, ICST 2020.",
    {"extents that are no constants, and those below 1: there is nothing to launch",
     "an axis bound at several places side by side in one launch: TVM takes the first extent",
     "half of 2, by default: it is one less",
     "stage tensor: kernels are planted there before threads are bound"},
    {{"axis", ThreadTags(), "any", "Only this axis of a launch."},
     {"change",
      {"add", "sub", "half"},
      "add, sub and half in turn",
      "One more, one less, or half."},
     {"to", {"1", "64"}, "as `change` says", "The new extent itself.", Form::kInteger, 1}},
    {keys::kAttr},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
