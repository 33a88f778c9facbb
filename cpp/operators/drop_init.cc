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

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings&) {
  // Of a block's own, drop-store is the redundant one.
  if (ir::HasInit(at.node)) return {Replacement{}};
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
    "its memory held.",
    "Statement deletion (SDL), Deng, Offutt and Li, ICST 2013, of the initialisation.",
    {"stores that read their buffer, or that another store overwrites before an update: they "
     "initialise nothing"},
    {},
    {keys::kStore, keys::kBlock},
    Replacements,
    Rewrite,
    "where it is no block's init, by drop-store",
});

}  // namespace
}  // namespace mutatenn::operators
