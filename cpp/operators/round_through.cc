// `round-through`: a value on its way through a narrower type.
#include "../ir/expr.h"
#include "../ir/format.h"
#include "../ir/literal.h"
#include "../ir/rounding.h"
#include "../ir/store.h"
#include "narrow_types.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;

// By default, a store's value; and what a load's is rounded through.
constexpr const char* kOfStores[] = {"float16", "bfloat16", "int8"};
constexpr const char* kOfLoads[] = {"float16"};
const std::vector<std::string> kTypes = {"float16", "bfloat16", "float8_e4m3fn", "float8_e5m2",
                                         "int32",   "int16",    "int8"};

// The name of the place; "" where no value is rounded.
std::string_view PlaceAt(const ir::Cursor& at) {
  if (ir::IsStoredValue(at)) return "store";
  return ir::IsLoad(at.node) && !ir::IsIndex(at) ? "load" : "";
}

// Whether some value changes on its way through a type, as far as that is known here.
bool Changes(const ir::Any& value, DLDataType narrow) {
  const DLDataType type = *ir::DTypeOf(value);
  if (ir::HoldsAll(narrow, type)) return false;
  // The same bits with and without a sign.
  if (narrow.code == kDLInt && type.code == kDLUInt && narrow.bits >= type.bits) return false;
  std::optional<DLDataType> origin = ir::CastFrom(value);
  return !origin || !ir::HoldsAll(narrow, *origin);
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::string_view place = PlaceAt(at);
  if (place.empty() || !IsRoundable(at.node)) return {};
  if (engine::ValueOf(settings, "where", place) != place) return {};
  auto fits = [&](std::string_view type) { return Changes(at.node, ir::TypeNamed(type)); };
  if (place == "store") return TypesThat(settings, kTypes, kOfStores, fits);
  return TypesThat(settings, kTypes, kOfLoads, fits);
}

ir::Any Rewrite(const ir::Cursor& at, const Settings& settings) {
  return ir::RoundThrough(at.node, ir::TypeNamed(engine::ValueOf(settings, "type")));
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "round-through",
    "types",
    1,
    {"tensor", "kernel"},
    "Sends a stored or loaded value through a narrower type and back.",
    "A value is computed, passed or kept in too narrow a type: digits, range or fraction are lost.",
    "The arithmetic type mutants of MutateNN, arXiv 2306.01697, as their paper describes them.",
    {"types that hold every value of the value's type, or of the type that it is cast from",
     "literals: tweak-int and tweak-float change them",
     "loads that are stored as they are (the store's value is rounded) or that are an index "
     "(narrow-index)",
     "booleans, handles and float8 values",
     "bfloat16 and float8 are written out as arithmetic on the bits of a float32, since TVM drops "
     "such casts; float16 is a cast, for which generated OpenCL needs cl_khr_fp16, and generated C "
     "a type `half`"},
    {{"type", kTypes,
      "of stores float16, bfloat16 and int8, of loads float16, as far as they change something; "
      "else the first type that does",
      "The narrower type. Floating-point numbers round to nearest, ties to even; to integers they "
      "round towards zero and saturate, as they do in float8. Integers wrap in integer types."},
     {"where", {"store", "load"}, "either of them", "Only values that are stored, or loaded."}},
    {},
    Replacements,
    Rewrite,
});

}  // namespace
}  // namespace mutatenn::operators
