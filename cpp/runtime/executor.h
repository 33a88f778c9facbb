// Executes one launch: fills, paints, calls, and looks at what was overwritten.
#ifndef MUTATENN_RUNTIME_EXECUTOR_H_
#define MUTATENN_RUNTIME_EXECUTOR_H_

#include <dlpack/dlpack.h>
#include <tvm/ffi/c_api.h>

#include <cstdint>
#include <vector>

#include "runtime/arena.h"
#include "runtime/kernel.h"
#include "runtime/plan.h"
#include "runtime/results.h"
#include "runtime/tvm_libraries.h"
#include "runtime/workspace.h"

namespace mutatenn::runtime {

// Time limits: one instant for everything, and one duration per launch.
struct Deadlines {
  int64_t until_ns = kNever;           // absolute, of the whole run
  std::vector<int64_t> per_launch_ns;  // empty: only the whole run is limited

  int64_t OfLaunch(int32_t launch) const {
    return per_launch_ns.empty() ? until_ns : NowNs() + per_launch_ns[launch];
  }
  // For the runner's own work between launches.
  int64_t Between() const { return per_launch_ns.empty() ? until_ns : NowNs() + kBetweenNs; }

  static constexpr int64_t kBetweenNs = 120'000'000'000;
};

class Executor {
 public:
  Executor(const Plan& plan, Arena& arena, WorkspacePool& pool, const TvmLibraries& libraries,
           Results& results, Deadlines deadlines);

  // Runs one launch on inputs that are in their slots; outputs, workspaces, guard zones and the
  // calling thread's stack hold `pattern` before. The stacks of TVM's pool threads are not painted:
  // what a parallel loop reads there unwritten is not seen by the second pattern. With `inspect`,
  // damage to guard zones is recorded and repaired. `extra`, unless null, is passed as the last
  // argument. An error that the kernel raises ends the process. Returns the call's seconds.
  double Run(const Launch& launch, const Kernel& kernel, int32_t row, Pattern pattern, bool inspect,
             DLTensor* extra = nullptr);

 private:
  const Plan& plan_;
  Arena& arena_;
  WorkspacePool& pool_;
  const TvmLibraries& libraries_;
  Results& results_;
  const Deadlines deadlines_;
  std::vector<std::vector<int64_t>> strides_;  // per buffer
  std::vector<DLTensor> tensors_;              // per buffer
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_EXECUTOR_H_
