// Calls of TVM's mathematical functions.
#ifndef MUTATENN_IR_INTRINSIC_H_
#define MUTATENN_IR_INTRINSIC_H_

#include <string_view>

#include "reflect.h"

namespace mutatenn::ir {

// The mathematical function that a node calls, such as `exp`; "" where it is no such call.
std::string_view IntrinsicOf(const Any& node);

// The call of another function with the same arguments and of the same type.
//
// Throws InternalError where `name` is none that `IntrinsicOf` can return.
Any WithIntrinsic(const Any& call, std::string_view name);

// How many arguments a call has, and one of them.
size_t ArgumentCount(const Any& call);
Any ArgumentOf(const Any& call, size_t index);

// The call with its two arguments exchanged.
Any WithArgumentsSwapped(const Any& call);

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireIntrinsics();

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_INTRINSIC_H_
