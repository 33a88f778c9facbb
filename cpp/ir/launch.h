// Launches of threads: whether code runs on a device.
#ifndef MUTATENN_IR_LAUNCH_H_
#define MUTATENN_IR_LAUNCH_H_

#include "path.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireLaunches();

// Whether the place is run by the threads of a launch.
bool IsLaunched(const Cursor& at);

// Whether anything under a statement is launched on a device.
bool Launches(const Any& statement);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_LAUNCH_H_
