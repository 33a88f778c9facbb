// `swap-index`: an access with two axes, or two loop variables, exchanged.
#include <tvm/ffi/extra/structural_equal.h>

#include <algorithm>

#include "../engine/operator.h"
#include "../ir/index.h"
#include "../ir/literal.h"
#include "../ir/loop.h"
#include "../ir/variable.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;

bool HaveOneType(const ir::Any& a, const ir::Any& b) {
  const std::optional<DLDataType> one = ir::DTypeOf(a), other = ir::DTypeOf(b);
  return one && other && one->code == other->code && one->bits == other->bits &&
         one->lanes == other->lanes;
}

// The variables of loops, threads and block axes in one index, in the order in which they stand.
std::vector<ir::Any> VariablesOf(const ir::Cursor& at) {
  bool lets = false;
  ir::Walk(at.node, [&](const ir::Cursor& here) { lets = lets || ir::IsLet(here.node); });
  if (lets) return {};
  const std::vector<ir::Any> around = ir::VariablesAround(at);
  std::vector<ir::Any> found;
  for (const ir::Any& variable : ir::VariablesIn(at.node)) {
    auto same = [&variable](const ir::Any& known) { return known.same_as(variable); };
    if (std::any_of(around.begin(), around.end(), same)) found.push_back(variable);
  }
  return found;
}

// What can be exchanged at a place: the indices of an access that has several, or the variables in
// the only one.
std::vector<ir::Any> Parts(const ir::Cursor& at) {
  if (ir::IsAccess(at.node)) {
    const ir::Array<ir::Any> indices = ir::IndicesOf(at.node);
    if (indices.size() > 1) return {indices.begin(), indices.end()};
  } else if (ir::IsBoundInteger(at) || (ir::IsIndex(at) && ir::IndicesOf(at.parent).size() == 1)) {
    return VariablesOf(at);
  }
  return {};
}

// Whether a pair is asked for: by default, neighbours.
bool IsWanted(size_t one, size_t other, const Settings& settings) {
  const bool chosen = settings.count("first") + settings.count("second") > 0;
  if (!chosen) return other == one + 1;
  auto among = [&](std::string_view name) {
    const std::string_view value = engine::ValueOf(settings, name);
    return value.empty() || value == std::to_string(one) || value == std::to_string(other);
  };
  return among("first") && among("second") &&
         engine::ValueOf(settings, "first") != engine::ValueOf(settings, "second");
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::vector<ir::Any> parts = Parts(at);
  std::vector<Replacement> found;
  for (size_t one = 0; one < parts.size(); ++one) {
    for (size_t other = one + 1; other < parts.size(); ++other) {
      if (!IsWanted(one, other, settings) || !HaveOneType(parts[one], parts[other])) continue;
      if (tvm::ffi::StructuralEqual::Equal(parts[one], parts[other])) continue;
      found.push_back({{{"first", std::to_string(one)}, {"second", std::to_string(other)}}});
    }
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const int64_t one = engine::IntegerOf(engine::ValueOf(settings, "first"));
  const int64_t other = engine::IntegerOf(engine::ValueOf(settings, "second"));
  const std::vector<ir::Any> parts = Parts(at);
  if (!ir::IsAccess(at.node)) return ir::Exchanged(at.node, parts[one], parts[other]);
  ir::Array<ir::Any> indices = ir::IndicesOf(at.node);
  indices.Set(one, parts[other]);
  indices.Set(other, parts[one]);
  return ir::WithIndices(at.node, indices);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-index",
    "index",
    1,
    {"tensor", "kernel"},
    "Exchanges two axes of an access; where there is one index only, two loop variables in it.",
    "A layout is taken for its transpose, or loops are reordered without their accesses.",
    "The transpose mutants of MutateNN, arXiv 2306.01697; scalar variable replacement (SVR), "
    "Offutt et al., TOSEM 5(2), 1996, in both places at once.",
    {"indices that are equal, or of different types: lanes stay on the last axis",
     "by default, axes or variables that are not neighbours", "indices that define variables",
     "variables other than those of loops, threads and block axes"},
    {{"first",
      {},
      "every pair of neighbours",
      "One of the two, counted from 0 in reading order.",
      Form::kInteger,
      0,
      1e9},
     {"second", {}, "every pair of neighbours", "The other one.", Form::kInteger, 0, 1e9}},
    {},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
