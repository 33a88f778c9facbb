// Hands golden inputs to a counted kernel, launch by launch, and reads the counter.
#include "runtime/step_run.h"

#include <algorithm>

#include "runtime/golden_run.h"

namespace mutatenn::runtime {

StepRun::StepRun(Machine& machine, int32_t kernel, const Kernel& counted)
    : machine_(machine), counted_(counted) {
  for (const Launch& launch : machine.plan.launches) {
    if (launch.kernel != kernel) continue;
    launches_.push_back(&launch);
    needs_.insert(needs_.end(), launch.inputs.begin(), launch.inputs.end());
  }
}

void StepRun::Run() {
  for (const Launch* launch : launches_) machine_.results.steps()[launch->index] = 0;
  for (int32_t row = 0; row < machine_.plan.rows; ++row) {
    machine_.golden.Select(row, /*filled=*/true);
    Recompute(machine_, needs_);
    for (const Launch* launch : launches_) {
      int64_t& most = machine_.results.steps()[launch->index];
      most = std::max(most, RunLaunch(*launch));
    }
  }
}

int64_t StepRun::RunLaunch(const Launch& launch) {
  LoadGoldenInputs(machine_, launch);
  machine_.steps.Begin(StepCounter::kMost);
  machine_.executor.Run(launch, counted_, machine_.golden.row(), kPatternA, /*inspect=*/true);
  RepairInputs(machine_, launch, GoldenInputs(machine_, launch));
  machine_.results.StopAtWrite();
  for (int32_t buffer : launch.outputs) machine_.slots.MarkOther(buffer);
  return machine_.steps.taken();
}

}  // namespace mutatenn::runtime
