// Atomic additions, and the plain load, addition and store that do the same for one thread.
#ifndef MUTATENN_IR_ATOMIC_H_
#define MUTATENN_IR_ATOMIC_H_

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireAtomics();

// Whether a statement is an atomic addition to a buffer's element, or keeps what one returns: the
// value that was there before.
bool IsAtomicAdd(const Any& statement);

// What such a statement does, in steps that another thread may come between.
Any WithoutAtomic(const Any& statement);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_ATOMIC_H_
