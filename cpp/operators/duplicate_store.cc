// `duplicate-store`: a store that is made twice.
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
  Replacement twice;
  twice.semantics_preserving = ir::IsIdempotent(at);
  return {twice};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) { return ir::MakeSeq({at.node, at.node}); }

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "duplicate-store",
    "stores",
    1,
    {"tensor", "kernel"},
    "Makes a store twice, one after the other.",
    "A statement is emitted once too often: an accumulation counts an element twice.",
    "Insertion of a copied statement, Weimer, Nguyen, Le Goues and Forrest, ICSE 2009; where it "
    "keeps the meaning, equivalence modulo inputs, Le, Afshari and Su, PLDI 2014.",
    {"stores of what stands at their place already"},
    {},
    {ir::keys::kStore},
    Replacements,
    Rewrite,
    "",
    "stores that read nothing of the memory that they write, or that keep the least or the "
    "greatest of what stands there and something else",
});

}  // namespace
}  // namespace mutatenn::operators
