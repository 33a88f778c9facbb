#include "runtime/golden_run.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace mutatenn::runtime {
namespace {

void LoadInputs(Machine& machine, const Launch& launch) {
  const int32_t row = machine.golden.row();
  for (int32_t buffer : launch.inputs) {
    machine.slots.LoadGolden(buffer, row, machine.golden.Find(buffer));
  }
}

void KeepOutputs(Machine& machine, const Launch& launch) {
  for (int32_t buffer : launch.outputs) {
    std::memcpy(machine.golden.Store(buffer), machine.slots.data(buffer),
                machine.slots.nbytes(buffer));
    machine.golden.MarkKnown(buffer);
    machine.slots.MarkGolden(buffer, machine.golden.row());
  }
}

// Keeps the row's model outputs (A) or compares with the kept ones (B).
void SettleModelOutputs(Machine& machine, Pattern pattern) {
  for (size_t i = 0; i < machine.plan.outputs.size(); ++i) {
    const int32_t buffer = machine.plan.outputs[i].buffer;
    uint8_t* kept = machine.golden.Output(i);
    if (pattern == kPatternA) {
      std::memcpy(kept, machine.slots.data(buffer), machine.slots.nbytes(buffer));
    } else if (!machine.slots.Equals(buffer, kept)) {
      machine.results.Stop(kUnstable, "model output " + std::to_string(i));
    }
  }
}

}  // namespace

void RepairInputs(Machine& machine, const Launch& launch,
                  const std::vector<const uint8_t*>& sources) {
  for (size_t i = 0; i < launch.inputs.size(); ++i) {
    const int32_t buffer = launch.inputs[i];
    if (sources[i] == nullptr || machine.slots.Equals(buffer, sources[i])) continue;
    Damage damage;
    uint8_t* data = machine.slots.data(buffer);
    for (size_t at = 0; at < machine.slots.nbytes(buffer); ++at) {
      damage.count += data[at] != sources[i][at] ? 1 : 0;
    }
    machine.results.RecordWrite(buffer, kInside, damage);
    std::memcpy(data, sources[i], machine.slots.nbytes(buffer));
  }
}

void RunGolden(Machine& machine, Pattern pattern, double* seconds) {
  const size_t launches = machine.plan.launches.size();
  for (int32_t row = 0; row < machine.plan.rows; ++row) {
    machine.golden.Select(row, pattern == kPatternB);
    for (const Launch& launch : machine.plan.launches) {
      LoadInputs(machine, launch);
      const double spent = machine.executor.Run(launch, machine.kernels[launch.kernel], row,
                                                pattern, /*inspect=*/true);
      std::vector<const uint8_t*> sources;
      for (int32_t buffer : launch.inputs) sources.push_back(machine.golden.Find(buffer));
      RepairInputs(machine, launch, sources);
      if (pattern == kPatternA) {
        seconds[static_cast<size_t>(row) * launches + launch.index] = spent;
      } else if (machine.golden.cached()) {
        for (int32_t buffer : launch.outputs) {
          if (!machine.slots.Equals(buffer, machine.golden.Find(buffer))) {
            machine.results.Stop(kUnstable, "buffer " + std::to_string(buffer));
          }
          machine.slots.MarkGolden(buffer, row);
        }
        continue;
      }
      KeepOutputs(machine, launch);
    }
    SettleModelOutputs(machine, pattern);
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
    LoadInputs(machine, *launch);
    machine.executor.Run(*launch, machine.kernels[launch->kernel], machine.golden.row(), kPatternA,
                         /*inspect=*/false);
    KeepOutputs(machine, *launch);
  }
}

}  // namespace mutatenn::runtime
