// Indices of accesses: where they stand and what they are made of.
#ifndef MUTATENN_IR_INDEX_H_
#define MUTATENN_IR_INDEX_H_

#include "store.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireIndices();

// Whether the place is an integer that is bound to a variable: lowering moves what indices have in
// common into such bindings.
bool IsBoundInteger(const Cursor& at);

// Whether the place lies in an index, or in what IsBoundInteger tells.
bool IsInIndex(const Cursor& at);

// Whether a node is a vector of numbers that go in steps.
bool IsRamp(const Any& node);

// The first number of a ramp and its step; ramps with others.
Any BaseOf(const Any& ramp);
Any StrideOf(const Any& ramp);
Any WithBase(const Any& ramp, const Any& base);
Any WithStride(const Any& ramp, const Any& stride);

// Whether `value` lies in the integer type of `like`.
bool FitsIn(const Any& like, int64_t value);

// An index so many elements on: of a literal a literal, of a ramp one with another base.
Any Shifted(const Any& index, int64_t by);

// Whether Shifted stays in the index's type, as far as that is known.
bool CanShift(const Any& index, int64_t by);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_INDEX_H_
