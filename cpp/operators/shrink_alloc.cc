// `shrink-alloc`: an allocation that is too small for what is kept in it.
#include "../engine/operator.h"
#include "../ir/buffer.h"
#include "../ir/keys.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// How the outermost axis of a buffer that has several elements on one changes.
struct Shrinking {
  size_t axis;
  int64_t extent;
};

std::optional<Shrinking> ShrinkingOf(const ir::Any& buffer, std::string_view by) {
  const std::optional<std::vector<int64_t>> shape = ir::ShapeOf(buffer);
  if (!shape || !ir::IsCompact(buffer)) return std::nullopt;
  // Only the outermost axis: another one's extent is a stride of the axes outside it.
  size_t axis = 0;
  while (axis < shape->size() && (*shape)[axis] == 1) ++axis;
  if (axis == shape->size() || (*shape)[axis] < 2) return std::nullopt;
  const int64_t extent = (*shape)[axis];
  return Shrinking{axis, by == "half" ? extent / 2 : extent - 1};
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::vector<Replacement> found;
  const ir::Array<ir::Any> buffers = ir::AllocationsOf(at.node);
  for (size_t i = 0; i < buffers.size(); ++i) {
    const std::string number = std::to_string(i);
    if (engine::ValueOf(settings, "buffer", number) != number) continue;
    int64_t made = 0;
    for (const std::string& by : engine::ValuesOf(settings, "by", {"one", "half"})) {
      const std::optional<Shrinking> shrinking = ShrinkingOf(buffers[i], by);
      // Of two elements, half is one less.
      if (!shrinking || shrinking->extent == made) continue;
      made = shrinking->extent;
      found.push_back({{{"buffer", number}, {"by", by}}});
    }
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const int64_t number = engine::IntegerOf(engine::ValueOf(settings, "buffer"));
  const ir::Any buffer = ir::AllocationsOf(at.node)[number];
  const Shrinking to = *ShrinkingOf(buffer, engine::ValueOf(settings, "by"));
  return ir::WithBuffer(at.node, buffer, ir::WithExtent(buffer, to.axis, to.extent));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "shrink-alloc",
    "memory",
    1,
    {"tensor", "kernel"},
    "Allocates less memory for a buffer than is accessed in it.",
    "The size of a workspace is computed wrongly: what is kept in it reaches beyond its end, or "
    "overlaps what lies there.",
    "Memory mutation operators (mutating the size of an allocation), Nanavati, Wu, Harman, Jia "
    "and Krinke, Mutation 2015 (ICST workshops).",
    {"buffers of one element, and of extents that are no constants",
     "buffers with strides, an offset or a layout",
     "axes inside the outermost one that has several elements: their extents are strides, and "
     "another index would be accessed instead"},
    {{"by", {"one", "half"}, "one, then half", "By how much the outermost axis is shorter."},
     {"buffer",
      {"0", "1"},
      "each of them",
      "Which of the allocations of the block or the sequence, counted from 0.",
      Form::kInteger,
      0}},
    {keys::kSeq, keys::kBlock},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
