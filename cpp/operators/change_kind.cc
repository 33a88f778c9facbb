// `change-kind`: a loop whose iterations run in another way.
#include <array>

#include "../engine/operator.h"
#include "../ir/dependence.h"
#include "../ir/keys.h"
#include "../ir/launch.h"
#include "../ir/literal.h"
#include "../ir/loop.h"
#include "loop_bounds.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
using ir::LoopKind;

struct Kind {
  const char* name;
  LoopKind kind;
};

constexpr std::array<Kind, 4> kKinds = {{{"serial", LoopKind::kSerial},
                                         {"parallel", LoopKind::kParallel},
                                         {"vectorized", LoopKind::kVectorized},
                                         {"unrolled", LoopKind::kUnrolled}}};

// Longer loops would make code, and vectors, that take a compiler minutes.
constexpr int64_t kMostCopies = 64;

bool IsAtOnce(LoopKind kind) {
  return kind == LoopKind::kParallel || kind == LoopKind::kVectorized;
}

// Whether a statement holds a loop, or anything else that TVM does not put into vectors.
bool IsScalar(const ir::Any& body) {
  bool scalar = false;
  ir::Walk(body, [&](const ir::Cursor& at) {
    const std::string_view key = ir::Schema::Get().TypeOf(at.node).key;
    scalar = scalar || key == ir::keys::kFor || key == "tirx.While" || key == "tirx.AllocBuffer";
  });
  return scalar;
}

// Whether TVM lowers such a loop here.
bool IsLowered(const ir::Cursor& at, const ir::Loop& loop, LoopKind kind) {
  const int64_t extent = ir::IntegerIn(loop.extent).value_or(0);
  const bool copies = 1 < extent && extent <= kMostCopies;
  const bool blocks = ir::IsInBlock(at);
  const bool canonical = loop.by_ones && ir::IntegerIn(loop.min) == 0;
  if (ir::IsInside(at, LoopKind::kVectorized)) return false;
  switch (kind) {
    case LoopKind::kSerial:
      return true;
    case LoopKind::kParallel:
      return canonical && !ir::IsLaunched(at) && !ir::IsInside(at, LoopKind::kParallel) &&
             !ir::Holds(loop.body, LoopKind::kParallel) &&
             !ir::Holds(loop.body, LoopKind::kThreads) &&
             ir::RoundsAround(at, kMostLaunches) < kMostLaunches;
    case LoopKind::kVectorized:
      return blocks && copies && canonical && !IsScalar(loop.body);
    case LoopKind::kUnrolled:
      return blocks && copies && loop.by_ones;
    case LoopKind::kThreads:
      break;
  }
  return false;
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const ir::Loop loop = *ir::LoopAt(at.node);
  if (loop.kind == LoopKind::kThreads || ir::IntegerIn(loop.extent).value_or(2) < 2) return {};
  std::optional<ir::Dependence> dependence;
  std::vector<Replacement> found;
  for (const Kind& to : kKinds) {
    if (to.kind == loop.kind || engine::ValueOf(settings, "to", to.name) != to.name) continue;
    if (!IsLowered(at, loop, to.kind)) continue;
    // A loop that runs at once already promises that its iterations are independent.
    bool preserving = IsAtOnce(loop.kind) || !IsAtOnce(to.kind);
    if (!preserving) {
      if (!dependence) dependence = ir::DependenceOf(at, at.node);
      if (*dependence == ir::Dependence::kUnknown) continue;
      preserving = *dependence == ir::Dependence::kIndependent;
    }
    found.push_back({{{"to", to.name}}, "", preserving});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  std::string_view to = engine::ValueOf(settings, "to");
  for (const Kind& kind : kKinds) {
    if (kind.name == to) return ir::WithKind(at.node, kind.kind);
  }
  TVM_FFI_THROW(InternalError) << "no kind of loop is called '" << to << "'";
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "change-kind",
    "loops",
    1,
    {"tensor", "kernel"},
    "Runs the iterations of a loop in another way: one by one, in parallel, as a vector, unrolled.",
    "A schedule parallelises or vectorises a loop that carries a sum, so that updates race or are "
    "lost. Otherwise a compiler must get the same result from every kind.",
    "Mutation operators for concurrent Java, Bradbury, Cordy and Dingel, Mutation 2006, which "
    "plant "
    "races; compiler validation by equivalent programs, Le, Afshari and Su, PLDI 2014.",
    {"loops of which it cannot be told whether their iterations depend on each other do not become "
     "parallel or vectorised",
     "parallel and vectorised loops in place of those that TVM refuses: nested in one of that "
     "kind, with a first iteration other than 0; vectorised ones that hold loops or allocate",
     "unrolled and vectorised loops of more than 64 iterations, or of a number that is no literal",
     "at stage kernel only serial and parallel loops: TVM has unrolled and vectorised by then",
     "parallel loops that would be entered 1,024 times or more: they take so long to launch that "
     "they pass for hangs",
     "loops bound to threads: swap-thread-axis is their fault", "loops of one iteration"},
    {{"to",
      {"serial", "parallel", "vectorized", "unrolled"},
      "each in turn",
      "How the iterations run. A parallel loop that carries a sum is a data race: what it computes "
      "may differ from run to run."}},
    {ir::keys::kFor},
    Replacements,
    Rewrite,
    "",
    "all but a loop that updates places from themselves, made parallel or vectorised",
});

}  // namespace
}  // namespace mutatenn::operators
