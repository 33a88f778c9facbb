// The bindings of two axes, exchanged wherever a launch has them.
#include "thread_axes.h"

#include <tvm/ffi/extra/structural_equal.h>

#include <algorithm>

#include "../ir/literal.h"
#include "../ir/thread_axis.h"

namespace mutatenn::operators {
namespace {

using engine::Settings;

constexpr const char* kKeep = "keep";
constexpr const char* kMove = "move";

// The axis of that name bound in a statement.
std::optional<ir::ThreadAxis> AxisIn(const ir::Any& statement, const std::string& tag) {
  for (const ir::ThreadAxis& axis : ir::ThreadAxesIn(statement)) {
    if (axis.tag == tag) return axis;
  }
  return std::nullopt;
}

bool Moves(const Settings& settings) { return engine::ValueOf(settings, "extents") == kMove; }

// Whether two extents are integers of one type.
bool AreAlike(const ir::Any& one, const ir::Any& other) {
  const auto a = ir::DTypeOf(one), b = ir::DTypeOf(other);
  return a && b && *a == *b;
}

}  // namespace

std::vector<std::string> ThreadTags() {
  return {"blockIdx.x", "blockIdx.y", "blockIdx.z", "threadIdx.x", "threadIdx.y", "threadIdx.z"};
}

bool IsOfBlocks(std::string_view tag) { return tag.substr(0, 8) == "blockIdx"; }

std::string_view DirectionOf(std::string_view tag) { return tag.substr(tag.find('.') + 1); }

engine::Parameter Extents() {
  return {"extents",
          {kKeep, kMove},
          kKeep,
          "Whether the launch keeps its extents, so that the variables take those of the other "
          "axis, or each variable keeps its own and the launch changes."};
}

std::optional<engine::Replacement> Exchange(const ir::Cursor& at, const std::string& other,
                                            const Settings& settings, ir::Cooperation harmless) {
  const ir::ThreadAxis axis = *ir::ThreadAxisAt(at.node);
  const std::optional<ir::ThreadAxis> partner = AxisIn(at.node, other);
  if (!partner || !AreAlike(axis.extent, partner->extent)) return std::nullopt;
  if (!ir::HoldsAllOf(at, axis.tag) || !ir::HoldsAllOf(at, other)) return std::nullopt;
  const bool equal = tvm::ffi::StructuralEqual::Equal(axis.extent, partner->extent);
  // The launch is the same either way.
  if (equal && Moves(settings)) return std::nullopt;
  engine::Replacement made;
  if (Moves(settings)) made.settings["extents"] = kMove;
  made.semantics_preserving =
      (equal || Moves(settings)) && ir::CooperationIn(ir::LaunchAround(at)) <= harmless;
  return made;
}

ir::Any Exchanged(const ir::Cursor& at, const std::string& other, const Settings& settings) {
  const ir::ThreadAxis axis = *ir::ThreadAxisAt(at.node);
  const ir::ThreadAxis partner = *AxisIn(at.node, other);
  const bool moves = Moves(settings);
  return ir::WithThreadAxes(at.node, [&](const ir::ThreadAxis& each) -> ir::ThreadAxis {
    if (each.tag == axis.tag) {
      return {partner.tag, each.var, moves ? each.extent : partner.extent};
    }
    if (each.tag == partner.tag) return {axis.tag, each.var, moves ? each.extent : axis.extent};
    return each;
  });
}

}  // namespace mutatenn::operators
