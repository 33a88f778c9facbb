// Which bounds of loops can move, and still make a loop that TVM lowers.
#ifndef MUTATENN_OPERATORS_LOOP_BOUNDS_H_
#define MUTATENN_OPERATORS_LOOP_BOUNDS_H_

#include "../ir/loop.h"

namespace mutatenn::operators {

// Waking the threads of a parallel loop more often than so takes longer than most kernels run.
constexpr int64_t kMostLaunches = 1024;

// Whether the number of iterations of a loop can grow by so much.
bool CanExtend(const ir::Loop& loop, int64_t by);

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_LOOP_BOUNDS_H_
