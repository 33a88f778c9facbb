// Questions about the surroundings of a number.
#include "values.h"

#include <algorithm>

#include "../ir/expr.h"
#include "../ir/intrinsic.h"
#include "../ir/keys.h"
#include "../ir/literal.h"

namespace mutatenn::operators {

namespace keys = ir::keys;

std::string_view KeyAround(const ir::Cursor& at) {
  return at.path.empty() ? std::string_view() : ir::Schema::Get().TypeOf(at.parent).key;
}

bool IsNumber(const ir::Any& expr) {
  const ir::Domain domain = ir::DomainOf(expr);
  return domain == ir::Domain::kInteger || domain == ir::Domain::kFloat;
}

bool IsUsedAsNumber(const ir::Cursor& at) {
  const std::string_view around = KeyAround(at);
  if (around == keys::kEvaluate) return false;
  if (around != keys::kCall) return true;
  return ir::IsIfThenElse(at.parent) || !ir::IntrinsicOf(at.parent).empty();
}

bool IsInAddress(const ir::Cursor& at) {
  return std::any_of(at.path.begin(), at.path.end(), [](const ir::Step& step) {
    const std::string_view name = step.field->name();
    return name == "indices" || name == "iter_values" || name == "min" || name == "extent" ||
           name == "step";
  });
}

bool IsOffsetOfIndex(const ir::Cursor& at) {
  if (at.role() == "indices") return true;
  const std::string_view around = KeyAround(at);
  const bool offset = around == keys::kAdd || (around == keys::kSub && at.role() == "b");
  return offset && at.path.size() > 1 && at.path[at.path.size() - 2].field->name() == "indices";
}

ir::Any Sibling(const ir::Cursor& at) {
  return at.role() == "b" ? ir::LeftOf(at.parent) : ir::RightOf(at.parent);
}

bool FitsAsRight(const ir::Any& binary, int64_t literal) {
  const std::string_view key = ir::Schema::Get().TypeOf(binary).key;
  if (key == keys::kLShift || key == keys::kRShift) {
    return 0 <= literal && literal < ir::DTypeOf(binary)->bits;
  }
  const bool divides =
      key == keys::kDiv || key == keys::kMod || key == keys::kFloorDiv || key == keys::kFloorMod;
  return !divides || literal != 0 || ir::DomainOf(binary) == ir::Domain::kFloat;
}

bool IsNegatable(const ir::Any& expr) {
  const std::string_view key = ir::Schema::Get().TypeOf(expr).key;
  if (key != keys::kVar && key != keys::kLoad && key != keys::kCall) return false;
  return IsNumber(expr) && ir::DTypeOf(expr)->code != kDLUInt;
}

}  // namespace mutatenn::operators
