// Questions about the surroundings of a literal.
#include "literals.h"

#include <cmath>

#include "../ir/expr.h"
#include "../ir/keys.h"
#include "../ir/literal.h"
#include "comparisons.h"
#include "values.h"

namespace mutatenn::operators {

namespace keys = ir::keys;

bool IsConstantPlace(const ir::Cursor& at) {
  const std::string_view role = at.role();
  if (role == "min" || role == "extent" || role == "step" || role == "iter_values") return false;
  return IsUsedAsNumber(at);
}

std::string_view SameAsLiteral(const ir::Cursor& at, double before, double after) {
  const std::string_view around = KeyAround(at);
  const bool right = at.role() == "b";
  const bool add = around == keys::kAdd, sub = around == keys::kSub && right;
  const bool mul = around == keys::kMul;
  const bool quotient = right && (around == keys::kDiv || around == keys::kFloorDiv);
  if ((add || sub) && after == 0) return "drop-operand";
  if ((mul || quotient) && after == 1) return "drop-operand";
  const bool negated = after == -before;
  if (negated && right && (add || sub)) return "swap-arith";
  const bool product = mul || (right && around == keys::kDiv);
  if (negated && product && !IsInAddress(at) && IsNegatable(Sibling(at))) return "negate-expr";
  return "";
}

}  // namespace mutatenn::operators
