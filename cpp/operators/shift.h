// What the operators that move a value by an amount share: add, sub, mul, div and percent.
#ifndef MUTATENN_OPERATORS_SHIFT_H_
#define MUTATENN_OPERATORS_SHIFT_H_

#include <string_view>

#include "../engine/operator.h"

namespace mutatenn::operators {

// What is to be done to a value.
struct Shift {
  std::string_view action;  // add, sub, mul, div or percent
  double amount;
  // The value is taken for a float32, whatever its type.
  bool in_float = false;
};

// Whether a number is an integer that a double holds exactly.
bool IsWhole(double number);

// What a shift makes of a number; integers are rounded towards minus infinity, as TVM does.
double Shifted(double value, const Shift& shift, bool integer);

// Whether a value can be shifted, to another one as far as that is known here: amounts that do
// nothing in the type, fractions of integers and results beyond the type are refused.
bool Takes(const ir::Any& value, const Shift& shift);

// The shifted value, in its own type; of a literal, a literal.
ir::Any Apply(const ir::Any& value, const Shift& shift);

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_SHIFT_H_
