// The whole plan with its original kernels, and the least part of it for a row.
#include "runtime/golden_run.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace mutatenn::runtime {
namespace {

void KeepOutputs(Machine& machine, const Launch& launch) {
  for (int32_t buffer : launch.outputs) {
    std::memcpy(machine.golden.Store(buffer), machine.slots.data(buffer),
                machine.slots.nbytes(buffer));
    machine.golden.MarkKnown(buffer);
    machine.slots.MarkGolden(buffer, machine.golden.row());
  }
}

// Runs a launch on the selected row; its seconds.
double RunOriginal(Machine& machine, const Launch& launch, Pattern pattern) {
  LoadGoldenInputs(machine, launch);
  const double spent =
      machine.executor.Run(launch, machine.kernels[launch.kernel], machine.golden.row(), pattern,
                           /*inspect=*/true);
  RepairInputs(machine, launch, GoldenInputs(machine, launch));
  return spent;
}

void CompareOutputs(Machine& machine, const Launch& launch) {
  for (int32_t buffer : launch.outputs) {
    if (!machine.slots.Equals(buffer, machine.golden.Find(buffer))) {
      machine.results.Stop(kUnstable, "buffer " + std::to_string(buffer));
    }
    machine.slots.MarkGolden(buffer, machine.golden.row());
  }
}

void KeepModelOutputs(Machine& machine) {
  for (size_t i = 0; i < machine.plan.outputs.size(); ++i) {
    const int32_t buffer = machine.plan.outputs[i].buffer;
    std::memcpy(machine.golden.Output(i), machine.slots.data(buffer), machine.slots.nbytes(buffer));
  }
}

void CompareModelOutputs(Machine& machine) {
  for (size_t i = 0; i < machine.plan.outputs.size(); ++i) {
    if (!machine.slots.Equals(machine.plan.outputs[i].buffer, machine.golden.Output(i))) {
      machine.results.Stop(kUnstable, "model output " + std::to_string(i));
    }
  }
}

}  // namespace

void FillGolden(Machine& machine, double* seconds) {
  const size_t launches = machine.plan.launches.size();
  for (int32_t row = 0; row < machine.plan.rows; ++row) {
    machine.golden.Select(row, /*filled=*/false);
    for (const Launch& launch : machine.plan.launches) {
      seconds[static_cast<size_t>(row) * launches + launch.index] =
          RunOriginal(machine, launch, kPatternA);
      KeepOutputs(machine, launch);
    }
    KeepModelOutputs(machine);
    machine.results.row(row).state = kMasked;
  }
}

void CheckGolden(Machine& machine, Pattern pattern, int32_t rows) {
  for (int32_t row = 0; row < rows; ++row) {
    machine.golden.Select(row, /*filled=*/true);
    for (const Launch& launch : machine.plan.launches) {
      RunOriginal(machine, launch, pattern);
      if (machine.golden.cached()) {
        CompareOutputs(machine, launch);
      } else {
        KeepOutputs(machine, launch);
      }
    }
    CompareModelOutputs(machine);
    machine.results.row(row).state = kMasked;
  }
}

void Recompute(Machine& machine, const std::vector<int32_t>& buffers) {
  std::vector<bool> needed(machine.plan.buffers.size(), false);
  for (int32_t buffer : buffers) needed[buffer] = !machine.golden.Knows(buffer);
  std::vector<const Launch*> wanted;
  for (size_t i = machine.plan.launches.size(); i > 0; --i) {
    const Launch& launch = machine.plan.launches[i - 1];
    const auto is_needed = [&](int32_t buffer) { return needed[buffer]; };
    if (std::none_of(launch.outputs.begin(), launch.outputs.end(), is_needed)) continue;
    wanted.push_back(&launch);
    for (int32_t buffer : launch.inputs) {
      if (!machine.golden.Knows(buffer)) needed[buffer] = true;
    }
  }
  std::reverse(wanted.begin(), wanted.end());
  for (const Launch* launch : wanted) {
    LoadGoldenInputs(machine, *launch);
    machine.executor.Run(*launch, machine.kernels[launch->kernel], machine.golden.row(), kPatternA,
                         /*inspect=*/false);
    KeepOutputs(machine, *launch);
  }
}

}  // namespace mutatenn::runtime
