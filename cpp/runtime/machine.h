// The parts that a run in a child works with.
#ifndef MUTATENN_RUNTIME_MACHINE_H_
#define MUTATENN_RUNTIME_MACHINE_H_

#include <vector>

#include "runtime/executor.h"
#include "runtime/golden_data.h"
#include "runtime/kernel.h"
#include "runtime/plan.h"
#include "runtime/results.h"
#include "runtime/slots.h"
#include "runtime/step_counter.h"

namespace mutatenn::runtime {

struct Machine {
  const Plan& plan;
  const std::vector<Kernel>& kernels;  // the original ones, as in the plan
  Slots& slots;
  GoldenData& golden;
  Executor& executor;
  Results& results;
  StepCounter& steps;
};

// Brings golden data of the selected row into the slots of a launch's inputs.
void LoadGoldenInputs(Machine& machine, const Launch& launch);

// Where that data comes from, input by input.
std::vector<const uint8_t*> GoldenInputs(const Machine& machine, const Launch& launch);

// Compares the inputs of a launch with where they came from (null: unknown), records a difference
// as a write inside of an input, and repairs it.
void RepairInputs(Machine& machine, const Launch& launch,
                  const std::vector<const uint8_t*>& sources);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_MACHINE_H_
