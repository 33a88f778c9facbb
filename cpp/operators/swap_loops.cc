// `swap-loops`: two perfectly nested loops, the inner one outside.
#include "../engine/operator.h"
#include "../ir/dependence.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "../ir/loop.h"
#include "../ir/variable.h"
#include "loop_bounds.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
using ir::Dependence;
using ir::LoopKind;

ir::Any Swapped(const ir::Any& nest) {
  const ir::Any inner = ir::LoopAt(nest)->body;
  return ir::WithBody(inner, ir::WithBody(nest, ir::LoopAt(inner)->body));
}

// Whether a loop has more than one iteration as far as that is known, and is no vector or thread.
bool Takes(const ir::Loop& loop) {
  return (loop.kind != LoopKind::kThreads && loop.kind != LoopKind::kVectorized) &&
         ir::IntegerIn(loop.extent).value_or(2) > 1;
}

bool Mentions(const ir::Any& expr, const ir::Any& variable) {
  for (const ir::Any& known : ir::VariablesIn(expr)) {
    if (known.same_as(variable)) return true;
  }
  return false;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings&) {
  const ir::Loop outer = *ir::LoopAt(at.node);
  const std::optional<ir::Loop> inner = ir::LoopAt(outer.body);
  if (!inner || !Takes(outer) || !Takes(*inner)) return {};
  if (outer.kind == LoopKind::kParallel) {
    const int64_t rounds = ir::IntegerIn(inner->extent).value_or(kMostLaunches);
    if (ir::RoundsAround(at, kMostLaunches) * rounds >= kMostLaunches) return {};
  }
  if (Mentions(inner->min, outer.var) || Mentions(inner->extent, outer.var)) return {};
  // A parallel loop promises that its iterations are independent.
  const Dependence before =
      outer.kind == LoopKind::kParallel ? Dependence::kIndependent : ir::DependenceOf(at, at.node);
  if (before == Dependence::kIndependent) return {{{}, "", true}};
  const Dependence after = ir::DependenceOf(at, Swapped(at.node));
  if (after == Dependence::kIndependent) return {{{}, "", true}};
  const bool rounds = before == Dependence::kRounding && after == Dependence::kRounding;
  return rounds ? std::vector<Replacement>{Replacement{}} : std::vector<Replacement>{};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) { return Swapped(at.node); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-loops",
    "loops",
    1,
    {"tensor", "kernel"},
    "Exchanges two perfectly nested loops.",
    "A schedule reorders loops. Where both carry one floating-point sum, it is rounded in another "
    "order; otherwise a compiler must get the same result.",
    "Loop interchange, Allen and Kennedy, TOPLAS 9(4), 1987, without its test of legality.",
    {"loops bound to threads and vectorised ones: they are not run in an order",
     "an inner loop whose bounds depend on the outer one's variable: it cannot leave it",
     "loops of one iteration", "a parallel loop that would be entered 1,024 times or more",
     "loops of which it cannot be told whether the order shows, and those that carry only integers "
     "or extremes, whose order does not"},
    {},
    {ir::keys::kFor},
    Replacements,
    Rewrite,
    "",
    "where the iterations of one of the two access nothing that others write; where both carry one "
    "floating-point sum or product, the order shows",
});

}  // namespace
}  // namespace mutatenn::operators
