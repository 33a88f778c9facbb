// `narrow-index`: an index that is computed in too narrow a type.
#include "../ir/expr.h"
#include "../ir/format.h"
#include "../ir/literal.h"
#include "../ir/ramp.h"
#include "../ir/store.h"
#include "narrow_types.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;

constexpr const char* kDefaults[] = {"int16", "int8"};
const std::vector<std::string> kTypes = {"int16", "int8", "uint8"};

// Whether an index of the buffer may wrap round; one that stays in bounds is below the extent.
bool MayWrap(const ir::Any& index, std::optional<int64_t> extent, DLDataType narrow) {
  const DLDataType type = *ir::DTypeOf(index);
  if (ir::ValueBits(narrow) >= ir::ValueBits(type)) return false;
  return !extent || !ir::Fits(narrow, static_cast<double>(*extent - 1));
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  if (!ir::IsIndex(at) || ir::DomainOf(at.node) != ir::Domain::kInteger) return {};
  if (ir::NumberIn(ir::FirstOf(at.node))) return {};
  const std::optional<int64_t> extent = ir::ExtentOf(ir::BufferOf(at.parent), at.path.back().item);
  return TypesThat(settings, kTypes, kDefaults, [&](std::string_view name) {
    return MayWrap(at.node, extent, ir::TypeNamed(name));
  });
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  const DLDataType narrow = ir::TypeNamed(engine::ValueOf(settings, "type"));
  const ir::Any first = ir::FirstOf(at.node);
  const ir::Any wrapped = ir::MakeCast(*ir::DTypeOf(first), ir::MakeCast(narrow, first));
  return ir::WithFirst(at.node, wrapped);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "narrow-index",
    "types",
    1,
    {"tensor", "kernel"},
    "Computes an index of a load or a store in a narrow integer type, in which it wraps round.",
    "Index arithmetic is done in too few bits: large tensors are addressed modulo a power of two.",
    "CWE-197, numeric truncation error, in an address; the arithmetic type mutants of MutateNN, "
    "arXiv 2306.01697.",
    {"axes whose extent fits the type: an index that stays in bounds never wraps", "literals",
     "of a vector of indices, the first one is narrowed and the rest follow it"},
    {{"type", kTypes, "int16 and int8; where neither may wrap, the first type that does",
      "The type that the index is computed in."}},
    {},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
