// `swap-combiner`: a reduction by another operation.
#include <array>

#include "../engine/operator.h"
#include "../ir/access.h"
#include "../ir/expr.h"
#include "../ir/keys.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

struct Combiner {
  const char* name;  // as users write it
  const char* node;  // TVM's node
};

constexpr std::array<Combiner, 4> kCombiners = {
    {{"add", keys::kAdd}, {"max", keys::kMax}, {"min", keys::kMin}, {"mul", keys::kMul}}};

const std::vector<std::string> kNames = {"add", "max", "min", "mul"};

// The store around a cursor that the node is part of the value of; nothing if there is none.
std::optional<ir::Access> StoreAround(const ir::Cursor& at) {
  if (at.above == nullptr) return std::nullopt;
  for (size_t depth = at.above->size(); depth-- > 0;) {
    std::optional<ir::Access> store = ir::StoreAt((*at.above)[depth]);
    if (store) return at.path[depth].field->name() == "value" ? store : std::nullopt;
  }
  return std::nullopt;
}

// Whether a node combines the place that its statement stores to with something.
bool Accumulates(const ir::Cursor& at) {
  const std::optional<ir::Access> left = ir::LoadAt(ir::LeftOf(at.node));
  const std::optional<ir::Access> right = ir::LoadAt(ir::RightOf(at.node));
  if (!left && !right) return false;
  const std::optional<ir::Access> store = StoreAround(at);
  if (!store) return false;
  return (left && ir::SamePlace(*left, *store)) || (right && ir::SamePlace(*right, *store));
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  std::string_view here;
  for (const Combiner& one : kCombiners) {
    if (ir::Schema::Get().TypeOf(at.node).key == one.node) here = one.name;
  }
  if (here.empty() || !Accumulates(at)) return {};
  const ir::Domain domain = ir::DomainOf(at.node);
  if (domain != ir::Domain::kInteger && domain != ir::Domain::kFloat) return {};
  if (engine::ValueOf(settings, "from", here) != here) return {};
  std::vector<Replacement> found;
  for (const std::string& to : engine::ValuesOf(settings, "to", kNames)) {
    if (to != here) found.push_back({{{"to", to}}, "swap-arith"});
  }
  return found;
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  std::string_view to = engine::ValueOf(settings, "to");
  for (const Combiner& one : kCombiners) {
    if (to == one.name) return ir::MakeBinary(ir::NameOf(one.node), at.node);
  }
  TVM_FFI_THROW(InternalError) << "not a combiner";
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "swap-combiner",
    "reductions",
    1,
    {"tensor", "kernel"},
    "Replaces the operation by which an accumulator takes in the next value.",
    "A reducer is lowered to another one's operation: a sum to a maximum.",
    "Arithmetic operator replacement (AOR), Offutt et al., TOSEM 5(2), 1996, at the step that "
    "accumulates.",
    {"operations that do not read the place that their statement stores to: swap-arith's",
     "booleans: swap-logic's"},
    {{"from", kNames, "any of them", "Only reductions by this operation."},
     {"to", kNames, "each of the others", "What combines instead."}},
    {keys::kAdd, keys::kMul, keys::kMax, keys::kMin},
    Replacements,
    Rewrite,
    "all, by swap-arith, which makes the same at more places: ask for this operator alone",
});

}  // namespace
}  // namespace mutatenn::operators
