// Vectors of indices that are a first one and a stride.
#ifndef MUTATENN_IR_RAMP_H_
#define MUTATENN_IR_RAMP_H_

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireRamps();

// The first index of a ramp; of anything else, itself.
Any FirstOf(const Any& index);

// The index with another first one.
Any WithFirst(const Any& index, const Any& first);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_RAMP_H_
