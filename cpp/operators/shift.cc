// Numbers and expressions, moved.
#include "shift.h"

#include <cmath>

#include "../ir/expr.h"
#include "../ir/format.h"
#include "../ir/keys.h"
#include "../ir/literal.h"

namespace mutatenn::operators {
namespace {

namespace keys = ir::keys;

bool IsFactor(const Shift& shift) { return shift.action == "mul" || shift.action == "div"; }

// Whether a shift by this amount leaves every number as it is, or is not defined.
bool IsIdle(const Shift& shift, double amount) {
  if (shift.action == "percent") return amount == 0;
  return amount == (IsFactor(shift) ? 1 : 0) || (shift.action == "div" && amount == 0);
}

bool TakesInteger(DLDataType type, std::optional<double> literal, const Shift& shift) {
  if (IsIdle(shift, shift.amount)) return false;
  if (!IsWhole(shift.amount) || !ir::Fits(type, shift.amount)) return false;
  if (shift.action == "percent" && !ir::Fits(type, 100)) return false;
  if (!literal) return true;
  const double result = Shifted(*literal, shift, true);
  return result != *literal && IsWhole(*literal) && IsWhole(result) && ir::Fits(type, result);
}

// Amounts and results are judged as the type rounds them: 1.00000001 is 1 in float32.
bool TakesFloat(DLDataType type, std::optional<double> literal, const Shift& shift) {
  if (!ir::FormatOf(type)) return false;
  const bool percent = shift.action == "percent";
  const double amount = ir::Rounded(type, percent ? 1 + shift.amount / 100 : shift.amount);
  if (!std::isfinite(amount) || IsIdle(shift, percent ? amount - 1 : amount)) return false;
  if (!literal) return true;
  const double result = ir::Rounded(type, Shifted(*literal, shift, false));
  return std::isfinite(result) && result != ir::Rounded(type, *literal);
}

}  // namespace

bool IsWhole(double number) { return std::trunc(number) == number && std::abs(number) < 0x1p53; }

double Shifted(double value, const Shift& shift, bool integer) {
  if (shift.action == "add") return value + shift.amount;
  if (shift.action == "sub") return value - shift.amount;
  if (shift.action == "mul") return value * shift.amount;
  const double result =
      shift.action == "div"
          ? value / shift.amount
          : value + (integer ? std::floor(value * shift.amount / 100) : value * shift.amount / 100);
  return integer ? std::floor(result) : result;
}

bool Takes(const ir::Any& value, const Shift& shift) {
  const std::optional<double> literal = ir::NumberIn(value);
  if (shift.in_float) return TakesFloat(ir::TypeNamed("float32"), literal, shift);
  const DLDataType type = *ir::DTypeOf(value);
  return ir::DomainOf(value) == ir::Domain::kInteger ? TakesInteger(type, literal, shift)
                                                     : TakesFloat(type, literal, shift);
}

ir::Any Apply(const ir::Any& value, const Shift& shift) {
  const bool integer = ir::DomainOf(value) == ir::Domain::kInteger;
  auto number = [&](double amount) {
    return integer ? ir::MakeInteger(static_cast<int64_t>(amount), value)
                   : ir::MakeFloat(amount, value);
  };
  if (std::optional<double> literal = ir::NumberIn(value)) {
    return number(Shifted(*literal, shift, integer));
  }
  auto make = [](const char* name, const ir::Any& a, const ir::Any& b) {
    return ir::MakeBinary(ir::NameOf(name), a, b);
  };
  if (shift.action == "add") return make(keys::kAdd, value, number(shift.amount));
  if (shift.action == "sub") return make(keys::kSub, value, number(shift.amount));
  if (shift.action == "mul") return make(keys::kMul, value, number(shift.amount));
  if (shift.action == "div") {
    return make(integer ? keys::kFloorDiv : keys::kDiv, value, number(shift.amount));
  }
  if (!integer) return make(keys::kMul, value, number(1 + shift.amount / 100));
  const ir::Any part = make(keys::kMul, value, number(shift.amount));
  return make(keys::kAdd, value, make(keys::kFloorDiv, part, number(100)));
}

}  // namespace mutatenn::operators
