// IEEE 754 formats by their parameters; the 8-bit ones as the Open Compute Project defines them.
#include "format.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace mutatenn::ir {
namespace {

bool IsInteger(DLDataType type) { return type.code == kDLInt || type.code == kDLUInt; }

}  // namespace

DLDataType TypeNamed(std::string_view name) {
  return tvm::ffi::StringToDLDataType(std::string(name));
}

std::optional<FloatFormat> FormatOf(DLDataType type) {
  if (type.code == kDLFloat && type.bits == 64) {
    return FloatFormat{53, -1022, std::numeric_limits<double>::max()};
  }
  if (type.code == kDLFloat && type.bits == 32) {
    return FloatFormat{24, -126, std::numeric_limits<float>::max()};
  }
  if (type.code == kDLFloat && type.bits == 16) return FloatFormat{11, -14, 65504};
  if (type.code == kDLBfloat && type.bits == 16) return FloatFormat{8, -126, 0x1.FEp127};
  if (type.code == kDLFloat8_e4m3fn) return FloatFormat{4, -6, 448};
  if (type.code == kDLFloat8_e5m2) return FloatFormat{3, -14, 57344};
  return std::nullopt;
}

int ValueBits(DLDataType type) { return type.bits - (type.code == kDLInt ? 1 : 0); }

bool Fits(DLDataType integer, double value) {
  const double beyond = std::ldexp(1, ValueBits(integer));
  return (integer.code == kDLInt ? -beyond : 0) <= value && value < beyond;
}

double Rounded(DLDataType floating, double value) {
  const FloatFormat format = *FormatOf(floating);
  if (value == 0 || !std::isfinite(value)) return value;
  const int exponent = std::max(std::ilogb(value), format.least_exponent);
  const int quantum = exponent - format.precision + 1;
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(value, -quantum)), quantum);
  return std::abs(rounded) <= format.largest
             ? rounded
             : std::copysign(std::numeric_limits<double>::infinity(), value);
}

bool HoldsAll(DLDataType type, DLDataType of) {
  if (of.code == kDLBool || (IsInteger(of) && of.bits == 1)) return true;
  const std::optional<FloatFormat> format = FormatOf(type), other = FormatOf(of);
  if (IsInteger(type) && IsInteger(of)) {
    return (type.code == kDLInt || of.code == kDLUInt) && ValueBits(of) <= ValueBits(type);
  }
  if (format && IsInteger(of)) {
    return ValueBits(of) <= format->precision && std::ldexp(1, ValueBits(of)) <= format->largest;
  }
  if (format && other) {
    return other->precision <= format->precision && other->largest <= format->largest &&
           other->least_exponent - other->precision >= format->least_exponent - format->precision;
  }
  return false;
}

double LargestBelow(int bits, int precision) {
  return std::ldexp(1, bits) - std::ldexp(1, std::max(bits - precision, 0));
}

}  // namespace mutatenn::ir
