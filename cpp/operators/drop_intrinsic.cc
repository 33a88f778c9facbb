// `drop-intrinsic`: the argument of a mathematical function, without the function.
#include "../ir/intrinsic.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "values.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

bool SameType(const ir::Any& a, const ir::Any& b) {
  const std::optional<DLDataType> one = ir::DTypeOf(a), other = ir::DTypeOf(b);
  return one && other && one->code == other->code && one->bits == other->bits &&
         one->lanes == other->lanes;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings&) {
  const std::string_view function = ir::IntrinsicOf(at.node);
  if (function.empty() || KeyAround(at) == keys::kEvaluate) return {};
  if (ir::ArgumentCount(at.node) != 1 && function != "pow") return {};
  if (!SameType(at.node, ir::ArgumentOf(at.node, 0))) return {};
  return {Replacement{}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) { return ir::ArgumentOf(at.node, 0); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-intrinsic",
    "arithmetic",
    1,
    {"tensor", "kernel"},
    "Leaves the argument of a mathematical function in place of the call; of pow, the base.",
    "An activation, a rounding or another function is left out when operations are fused.",
    "Activation function removal (AFRs) of DeepMutation, arXiv 1805.05206; operator deletion "
    "(ODL), "
    "Delamaro, Offutt and Ammann, ICST 2014.",
    {"functions of two arguments other than pow: neither is what the function approximates",
     "a result of another type than the argument"},
    {},
    {keys::kCall},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
