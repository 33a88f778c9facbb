// `drop-init`: a reduction that begins with whatever its memory held.
#include "../engine/operator.h"
#include "../ir/accumulator.h"
#include "../ir/keys.h"
#include "../ir/stmt.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// Whether the statement of an initialisation is one store, which `drop-store` drops too.
bool IsOneStore(const ir::Any& init) {
  return ir::Schema::Get().TypeOf(init).key == std::string_view(keys::kStore);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings&) {
  if (ir::HasInit(at.node)) {
    return {Replacement{{}, IsOneStore(ir::InitOf(at.node)) ? "drop-store" : ""}};
  }
  const size_t depth = at.path.size();
  if (!ir::Initialises(at, depth) || ir::StandsInInit(at, depth)) return {};
  return {Replacement{{}, "drop-store"}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) {
  return ir::HasInit(at.node) ? ir::WithoutInit(at.node) : ir::MakeNothing();
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "drop-init",
    "reductions",
    1,
    {"tensor", "kernel"},
    "Drops what gives an accumulator its first value: a block's init, or the initialising store.",
    "A reduction is decomposed or split and its initialisation is lost: it begins with whatever "
    "its memory held, which the runner's fill patterns tell apart.",
    "Statement deletion (SDL), Deng, Offutt and Li, ICST 2013, of the initialisation.",
    {"stores that read their buffer, or that another store overwrites before an update: they "
     "initialise nothing"},
    {},
    {keys::kStore, keys::kBlock},
    Replacements,
    Rewrite,
    "where the initialisation is one store, by drop-store",
});

}  // namespace
}  // namespace mutatenn::operators
