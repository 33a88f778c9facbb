// Signal handlers of a child: they write down what happened, and end the process.
#ifndef MUTATENN_RUNTIME_CRASH_H_
#define MUTATENN_RUNTIME_CRASH_H_

#include "runtime/arena.h"
#include "runtime/plan.h"
#include "runtime/results.h"
#include "runtime/workspace.h"

namespace mutatenn::runtime {

// What a handler needs to name the place of a faulting address.
struct CrashContext {
  const Plan* plan;
  const Arena* arena;
  const WorkspacePool* pool;
  Results* results;
};

// Handles SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT for the rest of the process, on a stack of
// their own. `context` must outlive the process's last kernel.
void InstallCrashHandlers(const CrashContext& context);

// The buffer among a launch's arguments and the live workspaces whose data is nearest.
Place NearestBuffer(const CrashContext& context, const uint8_t* address, int32_t launch);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_CRASH_H_
