// What a forked child does: bounds itself, runs one request, and ends.
#ifndef MUTATENN_RUNTIME_CHILD_H_
#define MUTATENN_RUNTIME_CHILD_H_

#include <sys/types.h>

#include <vector>

#include "runtime/arena.h"
#include "runtime/executor.h"
#include "runtime/kernel.h"
#include "runtime/mapped_file.h"
#include "runtime/plan.h"
#include "runtime/request.h"
#include "runtime/results.h"
#include "runtime/step_counter.h"
#include "runtime/tvm_libraries.h"
#include "runtime/workspace.h"

namespace mutatenn::runtime {

// What the server has prepared, seen by the child through the fork.
struct Workshop {
  const Plan& plan;
  const TvmLibraries& libraries;
  const std::vector<HostHook>& hooks;
  const std::vector<Kernel>& kernels;
  const MappedFile& inputs;
  const MappedFile& weights;
  MappedFile& cache;
  Arena& arena;
  WorkspacePool& pool;
  Results& results;
  StepCounter& steps;
};

// Ends the process; how it went is in the results. `server` is the process that forked.
[[noreturn]] void RunChild(Workshop& workshop, const Request& request, Deadlines deadlines,
                           pid_t server);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_CHILD_H_
