// Hands golden inputs and the flags to a probe, launch by launch.
#include "runtime/probe_run.h"

#include <algorithm>
#include <cstring>

#include "runtime/golden_run.h"

namespace mutatenn::runtime {

ProbeRun::ProbeRun(Machine& machine, int32_t kernel, const Kernel& probe, int32_t flags)
    : machine_(machine),
      kernel_(kernel),
      probe_(probe),
      block_(static_cast<size_t>(flags) * sizeof(int32_t), machine.plan.guard_bytes),
      shape_{flags} {
  std::memset(block_.data(), 0, block_.size());
  tensor_.data = block_.data();
  tensor_.device = {kDLCPU, 0};
  tensor_.ndim = 1;
  tensor_.dtype = {kDLInt, 32, 1};
  tensor_.shape = shape_;
  tensor_.strides = strides_;
}

void ProbeRun::Run() {
  std::vector<int32_t> needs;
  for (const Launch& launch : machine_.plan.launches) {
    if (launch.kernel == kernel_) {
      needs.insert(needs.end(), launch.inputs.begin(), launch.inputs.end());
    }
  }
  for (int32_t row = 0; row < machine_.plan.rows && !AllRaised(); ++row) {
    machine_.golden.Select(row, /*filled=*/true);
    Recompute(machine_, needs);
    for (const Launch& launch : machine_.plan.launches) {
      if (launch.kernel == kernel_ && !AllRaised()) RunLaunch(launch);
    }
  }
  std::memcpy(machine_.results.flags(), flags(), block_.size());
}

void ProbeRun::RunLaunch(const Launch& launch) {
  LoadGoldenInputs(machine_, launch);
  block_.arena().Paint(0, PatternByte(kPatternA));
  machine_.executor.Run(launch, probe_, machine_.golden.row(), kPatternA, /*inspect=*/true,
                        &tensor_);
  RepairInputs(machine_, launch, GoldenInputs(machine_, launch));
  block_.arena().Inspect(0, [this](Side side, const Damage& damage) {
    machine_.results.RecordWrite(kFlagBuffer, side, damage);
  });
  machine_.results.StopAtWrite();
  for (int32_t buffer : launch.outputs) machine_.slots.MarkOther(buffer);
}

bool ProbeRun::AllRaised() const {
  return std::all_of(flags(), flags() + shape_[0], [](int32_t flag) { return flag != 0; });
}

}  // namespace mutatenn::runtime
