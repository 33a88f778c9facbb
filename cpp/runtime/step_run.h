// Runs a counted original kernel on golden inputs, and keeps how many steps each launch needs.
#ifndef MUTATENN_RUNTIME_STEP_RUN_H_
#define MUTATENN_RUNTIME_STEP_RUN_H_

#include <cstdint>
#include <vector>

#include "runtime/machine.h"

namespace mutatenn::runtime {

class StepRun {
 public:
  // `counted` stands in for the kernel of index `kernel`.
  StepRun(Machine& machine, int32_t kernel, const Kernel& counted);

  // Goes through all rows, and leaves in the results the most steps of each launch on any row.
  // What the kernel computes is not looked at, but a write out of bounds ends the process.
  void Run();

 private:
  int64_t RunLaunch(const Launch& launch);

  Machine& machine_;
  const Kernel& counted_;
  std::vector<const Launch*> launches_;
  std::vector<int32_t> needs_;  // inputs of the launches
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_STEP_RUN_H_
