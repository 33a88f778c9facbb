// `swap-cmp`: one comparison in place of another.
#include <algorithm>

#include "../engine/operator.h"
#include "../ir/expr.h"
#include "../ir/literal.h"
#include "comparisons.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

const Comparison& Named(std::string_view name) {
  for (const Comparison& comparison : kComparisons) {
    if (comparison.name == name) return comparison;
  }
  TVM_FFI_THROW(InternalError) << "'" << name << "' is no comparison";
}

bool IsConstant(std::string_view name) { return name == "true" || name == "false"; }

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const Comparison& here = *ComparisonAt(at.node);
  std::string_view from = engine::ValueOf(settings, "from", here.name);
  std::string_view to = engine::ValueOf(settings, "to");
  // TVM writes `a > b` as `b < a`: a comparison is also what it reads as from right to left.
  // With nothing said of the reading, it is the one in which `to` is a change.
  const bool either = settings.count("from") == 0;
  const bool mirrored = from != here.name || (either && to == here.name);
  if (mirrored && !either && from != here.mirror) return {};
  if (mirrored && !to.empty() && !IsConstant(to)) to = Named(to).mirror;
  // A NaN is neither less nor equal nor greater: nothing can be left out then.
  const bool ordered = ir::DomainOf(ir::LeftOf(at.node)) == ir::Domain::kInteger;
  std::vector<Replacement> found;
  auto offer = [&](std::string_view name) {
    if (!to.empty() && to != name) return;
    const bool enough =
        std::find(here.enough.begin(), here.enough.end(), name) != here.enough.end();
    found.push_back({{{"to", std::string(name)}}, ordered && !enough ? "swap-cmp" : ""});
  };
  offer(here.partner);
  for (const Comparison& other : kComparisons) {
    if (other.name != std::string_view(here.name) && other.name != std::string_view(here.partner)) {
      offer(other.name);
    }
  }
  offer("true");
  offer("false");
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  std::string_view to = engine::ValueOf(settings, "to");
  if (IsConstant(to)) return ir::MakeBool(to == "true", at.node);
  return ir::MakeBinary(ir::NameOf(Named(to).node), at.node);
}

std::vector<std::string> Targets() {
  std::vector<std::string> names = ComparisonNames();
  names.insert(names.end(), {"true", "false"});
  return names;
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-cmp",
    "conditional",
    1,
    {"tensor", "kernel"},
    "Replaces one comparison by another with the same operands, or by a constant.",
    "A boundary or a relation is miscompiled: a guard is off by one, inverted or dropped in part.",
    "Relational operator replacement (ROR), Offutt et al., TOSEM 5(2), 1996; the conditional "
    "mutants of MutateNN, arXiv 2306.01697.",
    {},
    {{"from", ComparisonNames(), "any comparison",
      "Only comparisons of this kind, read from either side: `b < a` is also a `gt`."},
     {"to", Targets(), "lt<->le, gt<->ge, eq<->ne",
      "What stands there instead, in the reading that `from` names; without `from`, a comparison "
      "that is this one already is read from right to left: `a <= b` is `b >= a`, which becomes "
      "`b <= a`."}},
    {keys::kLT, keys::kLE, keys::kGT, keys::kGE, keys::kEQ, keys::kNE},
    Replacements,
    Rewrite,
    "of integers, signed or not, all but the three that differ for less, for equal and for greater "
    "alone (Just, Kapfhammer and Schweiggert, Mutation 2012): `<` keeps le, ne and false; of "
    "floating-point numbers none, since a NaN is a fourth case",
});

}  // namespace
}  // namespace mutatenn::operators
