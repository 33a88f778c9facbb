// `skip-iterations`: a loop that leaves some of its iterations out.
#include "../engine/operator.h"
#include "../ir/expr.h"
#include "../ir/index.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "../ir/stmt.h"
#include "loop_bounds.h"

namespace mutatenn::operators {
namespace {

using engine::Form;
using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

ir::Any Binary(const char* name, const ir::Any& a, const ir::Any& b) {
  return ir::MakeBinary(ir::NameOf(name), a, b);
}

// The iterations that are left out: those at `offset`, `offset + period`, and so on from the
// first; a period of 0 is one iteration, and an offset of -1 the last.
struct Skipped {
  int64_t offset;
  int64_t period;
};

Skipped SkippedBy(const Settings& settings) {
  std::string_view which = engine::ValueOf(settings, "which");
  if (which == "first") return {0, 0};
  if (which == "last") return {-1, 0};
  if (which == "odd") return {1, 2};
  if (which == "even") return {0, 2};
  const int64_t n = engine::IntegerOf(engine::ValueOf(settings, "n"));
  return {n - 1, n};
}

// Whether an earlier choice leaves out the same, or this one nothing.
bool IsIdle(const ir::Loop& loop, const Settings& settings, bool first_choice) {
  const int64_t extent = ir::IntegerIn(loop.extent).value_or(1 << 10);
  const Skipped skipped = SkippedBy(settings);
  if (extent <= skipped.offset || extent < 1) return true;
  if (skipped.period > 0 && !ir::FitsIn(loop.var, skipped.period)) return true;
  if (first_choice) return false;
  return skipped.offset < 0 ? extent == 1 : skipped.offset == 1 && extent == 2;
}

// Whether a loop that is one shorter does the same.
std::string RedundantBy(const ir::Loop& loop, const Settings& settings) {
  const bool only = ir::IntegerIn(loop.extent) == 1;
  const bool last = SkippedBy(settings).offset < 0 || only;
  return last && CanExtend(loop, -1) ? "tweak-extent" : "";
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (at.role() != "body") return {};
  const std::optional<ir::Loop> loop = ir::LoopAt(at.parent);
  if (!loop || loop->kind == ir::LoopKind::kThreads || !loop->by_ones) return {};
  std::string_view n = engine::ValueOf(settings, "n");
  std::vector<std::string> offered = {"first", "last", "odd"};
  if (!n.empty()) offered = {"nth"};
  std::vector<Replacement> found;
  for (const std::string& which : engine::ValuesOf(settings, "which", offered)) {
    if (!n.empty() && which != "nth") continue;
    Settings complete = {{"which", which}};
    if (which == "nth") complete["n"] = n.empty() ? "3" : n;
    if (IsIdle(*loop, complete, settings.count("which") > 0)) continue;
    std::string redundant_by = RedundantBy(*loop, complete);
    found.push_back({std::move(complete), std::move(redundant_by)});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const ir::Loop loop = *ir::LoopAt(at.parent);
  const Skipped skipped = SkippedBy(settings);
  const bool from_zero = ir::IntegerIn(loop.min) == 0;
  auto number = [&](int64_t value) { return ir::MakeInteger(value, loop.var); };
  if (skipped.period == 0) {
    ir::Any which = loop.min;
    if (skipped.offset < 0) {
      const ir::Any last = ir::Shifted(loop.extent, -1);
      which = from_zero ? last : Binary(keys::kAdd, loop.min, last);
    }
    return ir::MakeIf(Binary(keys::kNE, loop.var, which), at.node);
  }
  const ir::Any round = from_zero ? loop.var : Binary(keys::kSub, loop.var, loop.min);
  const ir::Any phase = Binary(keys::kFloorMod, round, number(skipped.period));
  return ir::MakeIf(Binary(keys::kNE, phase, number(skipped.offset)), at.node);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "skip-iterations",
    "loops",
    1,
    {"tensor", "kernel"},
    "Leaves some iterations of a loop out.",
    "A loop is split, peeled or unrolled wrongly, so that the first, the last or every other "
    "iteration is lost.",
    "Multiple-trip continue (SMTC), Agrawal et al., Design of mutant operators for the C "
    "programming language, SERC-TR-41-P, 1989.",
    {"loops bound to threads: tweak-thread-extent is their fault",
     "loops that do not go in steps of one",
     "iterations that the loop does not have; by default, those that an earlier choice leaves out "
     "too"},
    {{"which",
      {"first", "last", "odd", "even", "nth"},
      "first, last and odd",
      "Which iterations are left out, counted from 0; `nth` leaves out the last of every n."},
     {"n",
      {"3"},
      "3 for nth",
      "How many iterations there are to each that `nth` leaves out.",
      Form::kInteger,
      2,
      1e9}},
    {},
    Replacements,
    Rewrite,
    "the last iteration, by tweak-extent",
});

}  // namespace
}  // namespace mutatenn::operators
