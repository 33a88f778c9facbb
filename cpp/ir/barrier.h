// Barriers, and how closely the threads of a launch work together.
#ifndef MUTATENN_IR_BARRIER_H_
#define MUTATENN_IR_BARRIER_H_

#include <string>

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireBarriers();

// The scope of the barrier that a statement is: `shared`, `warp`, …; "" where it is none.
std::string BarrierScope(const Any& statement);

// Who has a part in what a thread computes.
enum class Cooperation {
  // The thread alone.
  kThread,
  // The threads of its block, through shared memory and barriers.
  kBlock,
  // Those of its warp, or others by instructions that are not known here.
  kLockstep,
};

// What some code needs at most.
Cooperation CooperationIn(const Any& statement);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_BARRIER_H_
