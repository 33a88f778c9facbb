// `drop-store`: a store that is not made.
#include "../engine/operator.h"
#include "../ir/idempotence.h"
#include "../ir/keys.h"
#include "../ir/stmt.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings&) {
  if (ir::IsSelfAssignment(at.node)) return {};
  Replacement dropped;
  if (at.role() == "init") dropped.redundant_by = "drop-init";
  return {dropped};
}

ir::Any Rewrite(const ir::Cursor&, const Settings&) { return ir::MakeNothing(); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-store",
    "stores",
    1,
    {"tensor", "kernel"},
    "Drops a store: the element keeps what stood there.",
    "A store is taken for dead and eliminated, or code that writes a part of the result is lost.",
    "Statement deletion (SDL), Deng, Offutt and Li, ICST 2013.",
    {"stores of what stands at their place already"},
    {},
    {ir::keys::kStore},
    Replacements,
    Rewrite,
    "a block's initialisation that is one store, which drop-init drops too",
});

}  // namespace
}  // namespace mutatenn::operators
