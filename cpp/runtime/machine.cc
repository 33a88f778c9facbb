// Golden inputs of a launch: brought in, and repaired when a kernel has overwritten them.
#include "runtime/machine.h"

#include <cstring>

namespace mutatenn::runtime {

void LoadGoldenInputs(Machine& machine, const Launch& launch) {
  const int32_t row = machine.golden.row();
  for (int32_t buffer : launch.inputs) {
    machine.slots.LoadGolden(buffer, row, machine.golden.Find(buffer));
  }
}

std::vector<const uint8_t*> GoldenInputs(const Machine& machine, const Launch& launch) {
  std::vector<const uint8_t*> sources;
  for (int32_t buffer : launch.inputs) sources.push_back(machine.golden.Find(buffer));
  return sources;
}

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

}  // namespace mutatenn::runtime
