// `negate-expr`: a number with the other sign.
#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "conditions.h"
#include "values.h"

namespace mutatenn::operators {
namespace {

using engine::Replacement;
using engine::Settings;
namespace keys = ir::keys;

// What users call the kind of number at a place; "" where it is none that is negated.
std::string_view PlaceOf(const ir::Cursor& at) {
  if (!IsUsedAsNumber(at) || IsInAddress(at)) return "";
  if (IsNegatable(at.node)) {
    const std::string_view key = ir::Schema::Get().TypeOf(at.node).key;
    return key == keys::kVar ? "var" : key == keys::kLoad ? "load" : "call";
  }
  if (KeyAround(at) != keys::kStore || ir::NumberIn(at.node)) return "";
  return IsNumber(at.node) && ir::DTypeOf(at.node)->code != kDLUInt ? "stored" : "";
}

// The operator that makes the same; "" where there is none.
std::string_view SameAs(const ir::Cursor& at, std::string_view place) {
  if (place == "stored") {
    const std::string_view key = ir::Schema::Get().TypeOf(at.node).key;
    if (key == keys::kSub) return "swap-operands";
    const bool product = key == keys::kMul || key == keys::kDiv;
    return product && IsNegatable(ir::LeftOf(at.node)) ? "negate-expr" : "";
  }
  if (at.role() != "b") return "";
  const std::string_view around = KeyAround(at);
  if (around == keys::kAdd || around == keys::kSub) return "swap-arith";
  const bool product = around == keys::kMul || around == keys::kDiv;
  return product && IsNegatable(ir::LeftOf(at.parent)) ? "negate-expr" : "";
}

std::vector<Replacement> Replacements(const ir::Cursor& at, const Settings& settings) {
  const std::string_view place = PlaceOf(at);
  if (place.empty() || !Admits(settings, place)) return {};
  return {Replacement{{}, std::string(SameAs(at, place))}};
}

ir::Any Rewrite(const ir::Cursor& at, const Settings&) {
  // As TVM itself writes `-x`; 0 - x would make 0 of 0, not -0.
  const ir::Any minus_one = ir::DomainOf(at.node) == ir::Domain::kFloat
                                ? ir::MakeFloat(-1, at.node)
                                : ir::MakeInteger(-1, at.node);
  return ir::MakeBinary(ir::NameOf(keys::kMul), at.node, minus_one);
}

[[maybe_unused]] const bool registered = engine::Catalogue::Get().Add({
    "negate-expr",
    "arithmetic",
    1,
    {"tensor", "kernel"},
    "Negates a number that is loaded, stored, returned by a function or held by a variable.",
    "A sign is lost or added: an accumulation subtracts, a gradient or an offset points backwards.",
    "Unary operator insertion (UOI), Offutt et al., TOSEM 5(2), 1996; the invert negatives mutator "
    "of PIT.",
    {"literals: tweak-int and tweak-float negate them",
     "indices, what a block's axis is bound to and bounds of loops: nearly every access would "
     "leave "
     "its buffer, nearly every loop would not run",
     "unsigned integers, which have no sign",
     "arguments of calls other than mathematical functions, which are sizes and flags, and calls "
     "whose result is thrown away"},
    {Where({"load", "call", "stored", "var"})},
    {},
    Replacements,
    Rewrite,
    "the right operand of an addition or subtraction, by swap-arith; the right one of a product "
    "or quotient, and the product or quotient that is stored, by its left operand; a difference "
    "that is stored, by swap-operands",
});

}  // namespace
}  // namespace mutatenn::operators
