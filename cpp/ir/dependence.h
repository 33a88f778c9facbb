// Whether the iterations of a loop depend on each other.
#ifndef MUTATENN_IR_DEPENDENCE_H_
#define MUTATENN_IR_DEPENDENCE_H_

#include "path.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireDependence();

// What is known of the iterations of a loop.
enum class Dependence {
  // Nothing.
  kUnknown,
  // No iteration accesses what another one writes: they may run in any order, or at once.
  kIndependent,
  // Every iteration updates the same places from themselves, as the loop of a maximum does.
  kUpdating,
  // The same by sums or products of floating-point numbers, whose rounding shows their order.
  kRounding,
};

// Tells it of the loop at `at`, as it stands or as `loop` stands there.
//
// Sound as far as TVM itself is: buffers of different parameters are different memory, and
// arithmetic on signed indices does not overflow.
Dependence DependenceOf(const Cursor& at, const Any& loop);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_DEPENDENCE_H_
