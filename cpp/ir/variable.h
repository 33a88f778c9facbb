// Variables in expressions.
#ifndef MUTATENN_IR_VARIABLE_H_
#define MUTATENN_IR_VARIABLE_H_

#include <vector>

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireVariables();

// Whether a node is a variable.
bool IsVariable(const Any& node);

// Whether a node defines a variable inside an expression.
bool IsLet(const Any& node);

// The variables that occur under a node, each once, in the order in which they are read.
std::vector<Any> VariablesIn(const Any& node);

// The expression with two variables of one type exchanged wherever they occur.
Any Exchanged(const Any& expr, const Any& one, const Any& other);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_VARIABLE_H_
