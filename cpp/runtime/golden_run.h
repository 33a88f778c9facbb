// Runs the original kernels: the whole plan for the baseline, parts of it for rows not cached.
#ifndef MUTATENN_RUNTIME_GOLDEN_RUN_H_
#define MUTATENN_RUNTIME_GOLDEN_RUN_H_

#include <vector>

#include "runtime/machine.h"

namespace mutatenn::runtime {

// Fills the cache under pattern A; `seconds` gets [row][launch].
void FillGolden(Machine& machine, double* seconds);

// Runs the first `rows` rows anew and ends the process as kUnstable where a cached activation or a
// model output is not what the cache holds. Writes nothing there.
void CheckGolden(Machine& machine, Pattern pattern, int32_t rows);

// Makes golden data of `buffers` known for the selected row, running no launch without need.
// Slots of the launches that run are overwritten.
void Recompute(Machine& machine, const std::vector<int32_t>& buffers);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_GOLDEN_RUN_H_
