// `drop-bounds-predicate`: threads beyond the end of the work do some as well.
#include "../engine/operator.h"
#include "../ir/branches.h"
#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/thread_axis.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

bool Is(const ir::Any& node, const char* key) { return ir::Schema::Get().TypeOf(node).key == key; }

// Whether a condition bounds where a thread stands; of a conjunction, whether some part does.
bool IsBound(const ir::Cursor& at, const ir::Any& condition) {
  if (Is(condition, keys::kAnd)) {
    return IsBound(at, ir::LeftOf(condition)) || IsBound(at, ir::RightOf(condition));
  }
  const bool orders = Is(condition, keys::kLT) || Is(condition, keys::kLE) ||
                      Is(condition, keys::kGT) || Is(condition, keys::kGE);
  return orders && ir::DependsOnThread(at, condition);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings&) {
  const std::optional<ir::Branches> here = ir::BranchesOf(at.node);
  if (!ir::IsNone(here->no) || !IsBound(at, here->condition)) return {};
  return {Replacement{{}, "drop-guard"}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) { return ir::BranchesOf(at.node)->yes; }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-bounds-predicate",
    "accelerator",
    1,
    {"kernel"},
    "Drops the if that keeps the threads beyond the end of the work from doing any.",
    "More threads are launched than there are elements, and the check of the index is forgotten.",
    "Statement deletion (SDL), Deng, Offutt and Li, ICST 2013; remove conditionals mutator of PIT.",
    {"conditions that do not depend on the index of a thread or block: drop-guard takes them",
     "equalities: they choose a thread, they bound none",
     "an if with an else: both its sides are work",
     "stage tensor: kernels are planted there before threads are bound"},
    {},
    {keys::kIf},
    Replacements,
    Rewrite,
    "all of them, by drop-guard, which makes the same",
});

}  // namespace
}  // namespace mutatenn::operators
