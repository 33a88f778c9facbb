// `drop-clause`: one operand of a logical connector, without the other.
#include "../engine/operator.h"
#include "../ir/expr.h"
#include "../ir/keys.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::string_view here = ir::Schema::Get().TypeOf(at.node).key == keys::kAnd ? "and" : "or";
  if (engine::ValueOf(settings, "from", here) != here) return {};
  std::vector<Replacement> found;
  for (const std::string& side : engine::ValuesOf(settings, "drop", {"right", "left"})) {
    found.push_back({{{"drop", side}}});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const bool right = engine::ValueOf(settings, "drop") == "right";
  return right ? ir::LeftOf(at.node) : ir::RightOf(at.node);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-clause",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Drops one operand of a logical connector: one bound of a guard.",
    "A compound guard loses a part: one side of a border, or one axis, is not checked.",
    "Literal and term omission faults (LOF, TOF), Lau and Yu, TOSEM 14(3), 2005.",
    {},
    {{"from", {"and", "or"}, "either connector", "Only operands of this connector."},
     {"drop", {"left", "right"}, "the right one, then the left", "Which operand goes."}},
    {keys::kAnd, keys::kOr},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
