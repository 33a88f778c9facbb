// Accumulators: the stores that give one its first value.
#ifndef MUTATENN_IR_ACCUMULATOR_H_
#define MUTATENN_IR_ACCUMULATOR_H_

#include "path.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireAccumulators();

// Whether `node` is a block with an initialisation.
bool HasInit(const Any& node);

// The initialisation of a block that has one.
Any InitOf(const Any& block);

// The block without its initialisation.
Any WithoutInit(const Any& block);

// Whether the store `depth` steps down the way to a cursor stands in a block's initialisation.
bool StandsInInit(const Cursor& at, size_t depth);

// Whether the store `depth` steps down the way to a cursor gives an accumulator its first value:
// it stands in a block's initialisation; or it reads nothing of its buffer, and a later statement
// of the sequences around it updates the place from itself before any other store to it.
bool Initialises(const Cursor& at, size_t depth);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_ACCUMULATOR_H_
