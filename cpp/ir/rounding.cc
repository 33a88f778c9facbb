// Casts where TVM keeps them, arithmetic on the bits of a float32 where it does not.
#include "rounding.h"

#include <algorithm>
#include <cmath>

#include "expr.h"
#include "format.h"
#include "keys.h"
#include "literal.h"

namespace mutatenn::ir {
namespace {

constexpr DLDataType kFloat32{kDLFloat, 32, 1};
constexpr DLDataType kUInt32{kDLUInt, 32, 1};
// A float32: its sign bit is above the exponent, which is above 23 bits of the significand.
constexpr int kExponentAt = 23;
constexpr int kBias = 127;
constexpr int64_t kExponent = 0x7f800000;

// What this file names in TVM, looked up once.
struct Names {
  Function bit_and = RequireFunction("prim.BitwiseAnd");
  Function shift_right = RequireFunction("prim.RShift");
  Function select = RequireFunction("prim.Select");
  Function let = RequireFunction("prim.Let");
  Function var = RequireFunction("ir.Var");
  Function prim_type = RequireFunction("ir.PrimType");
  Function reinterpret = RequireFunction("tirx.reinterpret");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

Any Make(const char* key, const Any& a, const Any& b) { return MakeBinary(NameOf(key), a, b); }

Any And(const Any& bits, int64_t mask) {
  return Names::Get().bit_and(bits, MakeInteger(mask, bits), Any());
}

Any Plus(const Any& bits, int64_t number) {
  return Make(keys::kAdd, bits, MakeInteger(number, bits));
}

Any Reinterpreted(DLDataType element, const Any& value) {
  element.lanes = DTypeOf(value)->lanes;
  return Names::Get().reinterpret(Names::Get().prim_type(element), value, Any());
}

// The value, or the bound that it is beyond.
Any Clamped(const Any& value, double least, double most) {
  const Any below = Make(keys::kMin, value, MakeFloat(most, value));
  return Make(keys::kMax, below, MakeFloat(least, value));
}

bool IsInteger(const Any& value) { return DomainOf(value) == Domain::kInteger; }

// To nearest, ties to even, in the upper half of the bits; the carry moves the exponent on.
Any InBfloat16(const Any& x) {
  const Any bits = Reinterpreted(kUInt32, x);
  const Any upper = Names::Get().shift_right(bits, MakeInteger(16, bits), Any());
  const Any sum = Make(keys::kAdd, Plus(bits, 0x7fff), And(upper, 1));
  return Reinterpreted(kFloat32, And(sum, 0xffff0000));
}

// Adding a number so large that its last bit is the format's last bit makes the adder round.
Any InFormat(const FloatFormat& format, const Any& x) {
  const Any clamped = Clamped(x, -format.largest, format.largest);
  const Any exponent = And(Reinterpreted(kUInt32, clamped), kExponent);
  const int64_t least = int64_t{format.least_exponent + kBias} << kExponentAt;
  const Any normal = Make(keys::kMax, exponent, MakeInteger(least, exponent));
  const int64_t up = int64_t{kExponentAt + 1 - format.precision} << kExponentAt;
  const int64_t half = int64_t{1} << (kExponentAt - 1);
  const Any large = Reinterpreted(kFloat32, Plus(normal, up | half));
  const Any sum = Make(keys::kAdd, clamped, large);
  // TVM takes (a + b) - b for a in floating point too; it does not look behind bits.
  const Any kept = Reinterpreted(kFloat32, Reinterpreted(kUInt32, sum));
  return Make(keys::kSub, kept, large);
}

// A float32 value in the precision of bfloat16 or float8.
Any WrittenOut(const Any& value, DLDataType narrow) {
  const Names& names = Names::Get();
  const Any x = names.var(String("x"), Fields::Get().expr_type.Get(value), Any());
  const bool is_bfloat16 = narrow.code == kDLBfloat;
  const Any rounded = is_bfloat16 ? InBfloat16(x) : InFormat(*FormatOf(narrow), x);
  const Any size = And(Reinterpreted(kUInt32, x), 0x7fffffff);
  const Any is_nan = Make(keys::kLT, MakeInteger(kExponent, size), size);
  return names.let(x, value, names.select(is_nan, x, rounded, Any()), Any());
}

Any AsFloat32(const Any& value) {
  const DLDataType type = *DTypeOf(value);
  const bool already = type.code == kDLFloat && type.bits == 32;
  return already ? value : MakeCast(kFloat32, value);
}

// An integer through a floating-point type; what rounds up beyond its own type saturates.
Any IntegerThroughFloat(const Any& value, DLDataType narrow) {
  const DLDataType type = *DTypeOf(value);
  const FloatFormat format = *FormatOf(narrow);
  const int bits = ValueBits(type);
  Any x = AsFloat32(value);
  if (narrow.code == kDLFloat) {
    x = MakeCast(kFloat32, MakeCast(narrow, Clamped(x, -format.largest, format.largest)));
  } else {
    x = WrittenOut(x, narrow);
  }
  const double least = type.code == kDLInt ? -std::ldexp(1, bits) : 0;
  return MakeCast(type, Clamped(x, least, LargestBelow(bits, format.precision)));
}

}  // namespace

void RequireRounding() { Names::Get(); }

Any Narrowed(const Any& value, DLDataType narrow) {
  if (narrow.code != kDLInt || IsInteger(value)) return MakeCast(narrow, value);
  const FloatFormat format = *FormatOf(*DTypeOf(value));
  const int bits = ValueBits(narrow);
  const double most = std::min(LargestBelow(bits, format.precision), format.largest);
  const double least = std::max(-std::ldexp(1, bits), -format.largest);
  return MakeCast(narrow, Clamped(value, least, most));
}

Any RoundThrough(const Any& value, DLDataType narrow) {
  const DLDataType type = *DTypeOf(value);
  if (IsInteger(value) && narrow.code != kDLInt) return IntegerThroughFloat(value, narrow);
  if (narrow.code == kDLInt || narrow.code == kDLFloat) {
    return MakeCast(type, Narrowed(value, narrow));
  }
  const Any rounded = WrittenOut(AsFloat32(value), narrow);
  const bool already = type.code == kDLFloat && type.bits == 32;
  return already ? rounded : MakeCast(type, rounded);
}

}  // namespace mutatenn::ir
