// `tweak-extent` and `tweak-min`: a loop that ends, or begins, a little off.
#include "../engine/operator.h"
#include "../ir/index.h"
#include "../ir/literal.h"
#include "loop_bounds.h"

namespace mutatenn::operators {

bool CanExtend(const ir::Loop& loop, int64_t by) {
  if (loop.kind == ir::LoopKind::kThreads || !ir::CanShift(loop.extent, by)) return false;
  const bool flat = loop.kind == ir::LoopKind::kVectorized || loop.kind == ir::LoopKind::kUnrolled;
  const std::optional<int64_t> extent = ir::IntegerIn(loop.extent);
  if (!extent) return !flat;
  return *extent + by >= (loop.kind == ir::LoopKind::kVectorized ? 1 : 0);
}

namespace {

using engine::Form;
using engine::Parameter;
using engine::Replacement;
using engine::Settings;

// TVM runs loops in parallel or as vectors from zero on only, and all loops inside of vectors.
bool CanBegin(const ir::Cursor& at, const ir::Loop& loop, int64_t by) {
  if (loop.kind != ir::LoopKind::kSerial && loop.kind != ir::LoopKind::kUnrolled) return false;
  return ir::CanShift(loop.min, by) && !ir::IsInside(at, ir::LoopKind::kVectorized);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings,
                                      std::string_view role) {
  if (at.role() != role) return {};
  const std::optional<ir::Loop> loop = ir::LoopAt(at.parent);
  if (!loop) return {};
  std::vector<Replacement> found;
  for (const std::string& by : engine::ValuesOf(settings, "by", {"1", "-1"})) {
    const int64_t amount = engine::IntegerOf(by);
    if (amount == 0) continue;
    if (role == "extent" ? CanExtend(*loop, amount) : CanBegin(at, *loop, amount)) {
      found.push_back({{{"by", by}}});
    }
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return ir::Shifted(at.node, engine::IntegerOf(engine::ValueOf(settings, "by")));
}

Parameter By(std::string summary) {
  return {"by", {"1", "-1"}, "1 and -1", std::move(summary), Form::kInteger, -1e9, 1e9};
}

constexpr const char* kSource =
    "The loop threshold mutants of MutateNN's code, arXiv 2306.01697; unary operator insertion "
    "(UOI), Offutt et al., TOSEM 5(2), 1996, in the bound of a loop.";
constexpr const char* kThreads = "loops bound to threads: tweak-thread-extent is their fault";

[[maybe_unused]] const bool registered_extent = engine::Catalogue::Get().Add({
    "tweak-extent",
    "loops",
    1,
    {"tensor", "kernel"},
    "Lets a loop run one iteration more, or one less.",
    "An off-by-one in a loop's trip count: a remainder is forgotten or counted twice.",
    kSource,
    {kThreads, "vectorised and unrolled loops whose extent is no literal: TVM refuses them",
     "extents below 0, and below 1 in vectorised loops"},
    {By("How many iterations more.")},
    {},
    [](const ir::Cursor& at, const Settings& settings) {
      return Replacements(at, settings, "extent");
    },
    Rewrite,
});

[[maybe_unused]] const bool registered_min = engine::Catalogue::Get().Add({
    "tweak-min",
    "loops",
    1,
    {"tensor", "kernel"},
    "Lets a loop begin one later, or one earlier, and run as often as before.",
    "A loop is peeled or shifted wrongly: its first iteration is off by one.",
    kSource,
    {kThreads,
     "parallel and vectorised loops, and loops inside of vectorised ones: TVM refuses those that "
     "do not begin at zero"},
    {By("By how much later.")},
    {},
    [](const ir::Cursor& at, const Settings& settings) {
      return Replacements(at, settings, "min");
    },
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
