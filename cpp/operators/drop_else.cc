// `drop-else`: an if without its else.
#include "../engine/operator.h"
#include "../ir/branches.h"
#include "../ir/keys.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings&) {
  std::optional<ir::Branches> here = ir::BranchesOf(at.node);
  if (!here || here->kind != "if" || ir::IsNone(here->no)) return {};
  return {Replacement{}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) {
  return ir::WithBranches(at.node, ir::BranchesOf(at.node)->yes, ir::Any());
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-else",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Drops the else of an if statement.",
    "Code for the other outcome of a condition is lost, such as the remainder of a loop.",
    "Statement deletion (SDL), Deng, Offutt and Li, ICST 2013.",
    {"select and if_then_else: they have a value on both sides"},
    {},
    {ir::keys::kIf},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
