// Runs the original kernels: the whole plan for the baseline, parts of it for rows not cached.
#ifndef MUTATENN_RUNTIME_GOLDEN_RUN_H_
#define MUTATENN_RUNTIME_GOLDEN_RUN_H_

#include <vector>

#include "runtime/machine.h"

namespace mutatenn::runtime {

// Pattern A fills the cache; `seconds` gets [row][launch]. Pattern B compares with what A left and
// ends the process as kUnstable at the first difference.
void RunGolden(Machine& machine, Pattern pattern, double* seconds);

// Makes golden data of `buffers` known for the selected row, running no launch without need.
// Slots of the launches that run are overwritten.
void Recompute(Machine& machine, const std::vector<int32_t>& buffers);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_GOLDEN_RUN_H_
