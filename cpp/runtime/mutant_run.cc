// Passes over the plan with some kernels replaced, or over its variant, skipping what stays golden.
#include "runtime/mutant_run.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "runtime/golden_run.h"

namespace mutatenn::runtime {
namespace {

size_t Bytes(const Slots& slots, const std::vector<int32_t>& buffers) {
  size_t sum = 0;
  for (int32_t buffer : buffers) sum += slots.nbytes(buffer);
  return sum;
}

void Save(const Slots& slots, const std::vector<int32_t>& buffers, std::vector<uint8_t>& to) {
  size_t at = 0;
  for (int32_t buffer : buffers) {
    std::memcpy(to.data() + at, slots.data(buffer), slots.nbytes(buffer));
    at += slots.nbytes(buffer);
  }
}

bool Equals(const Slots& slots, const std::vector<int32_t>& buffers,
            const std::vector<uint8_t>& saved) {
  size_t at = 0;
  for (int32_t buffer : buffers) {
    if (!slots.Equals(buffer, saved.data() + at)) return false;
    at += slots.nbytes(buffer);
  }
  return true;
}

void Restore(const Slots& slots, const std::vector<int32_t>& buffers,
             const std::vector<uint8_t>& saved) {
  size_t at = 0;
  for (int32_t buffer : buffers) {
    std::memcpy(slots.data(buffer), saved.data() + at, slots.nbytes(buffer));
    at += slots.nbytes(buffer);
  }
}

}  // namespace

MutantRun::MutantRun(Machine& machine, const std::vector<StandIn>& stand_ins,
                     const std::vector<Kernel>& mutants, const std::vector<int64_t>& limits)
    : machine_(machine), dirty_(machine.plan.buffers.size()) {
  std::vector<const Kernel*> mutant_of(machine.kernels.size());
  for (size_t i = 0; i < stand_ins.size(); ++i) mutant_of[stand_ins[i].kernel] = &mutants[i];
  size_t counted = 0;
  for (const Launch& launch : machine.plan.launches) {
    const Kernel* mutant = mutant_of[launch.kernel];
    const bool mutated = mutant != nullptr;
    steps_.push_back({&launch, mutated ? mutant : &machine.kernels[launch.kernel], mutated});
    if (!mutated || limits.empty()) continue;
    limits_.resize(machine.plan.launches.size());
    limits_[launch.index] = limits.at(counted++);
  }
  for (const OutputInfo& output : machine.plan.outputs) outputs_.push_back(output.buffer);
  Prepare();
}

MutantRun::MutantRun(Machine& machine)
    : machine_(machine),
      outputs_(machine.plan.variant_outputs),
      golden_needs_(machine.plan.variant_outputs),
      dirty_(machine.plan.buffers.size()) {
  for (const VariantLaunch& variant : machine.plan.variant) {
    const Launch& launch = variant.launch;
    steps_.push_back({&launch, &machine.kernels[launch.kernel], variant.mutated});
  }
  Prepare();
}

void MutantRun::Prepare() {
  size_t most_inputs = 0;
  size_t most_outputs = 0;
  for (const Step& step : steps_) {
    // Of any launch that is the first to differ the outputs are saved.
    most_outputs = std::max(most_outputs, Bytes(machine_.slots, step.launch->outputs));
    if (!step.mutated) continue;
    const Launch& launch = *step.launch;
    golden_needs_.insert(golden_needs_.end(), launch.inputs.begin(), launch.inputs.end());
    golden_needs_.insert(golden_needs_.end(), launch.outputs.begin(), launch.outputs.end());
    most_inputs = std::max(most_inputs, Bytes(machine_.slots, launch.inputs));
  }
  saved_inputs_.resize(most_inputs);
  saved_outputs_.resize(most_outputs);
}

void MutantRun::Run() {
  for (int32_t row = 0; row < machine_.plan.rows; ++row) RunRow(row);
}

void MutantRun::RunRow(int32_t row) {
  row_ = row;
  reads_uninitialised_ = false;
  machine_.golden.Select(row, /*filled=*/true);
  Recompute(machine_, golden_needs_);
  RowRecord& record = machine_.results.row(row);
  const bool infected = Pass(kPatternA);
  // A variant may give another buffer as its output without any launch of its own.
  const bool differs = KeepModelOutputs(kPatternA, /*always=*/reads_uninitialised_);
  if (!infected && !differs) {
    if (!machine_.plan.poison) {
      record.state = kMasked;
      return;
    }
    ConfirmMasked(record);
    return;
  }
  if (differs) record.state = kPropagated;
  if (!reads_uninitialised_) return;
  record.flags |= kReadsUninitialised;
  Pass(kPatternB);
  if (KeepModelOutputs(kPatternB, /*always=*/true)) record.state = kPropagated;
  record.flags |= kHasOutputsB;
}

void MutantRun::ConfirmMasked(RowRecord& record) {
  // A NaN can hide that it was read: the larger of it and a number may be the number.
  if (!Pass(kPatternB)) {
    record.state = kMasked;
    return;
  }
  if (KeepModelOutputs(kPatternB, /*always=*/true)) record.state = kPropagated;
  dirty_.assign(dirty_.size(), false);  // as the first pass left it
  KeepModelOutputs(kPatternA, /*always=*/true);
  record.flags |= kReadsUninitialised | kHasOutputsB;
}

bool MutantRun::Pass(Pattern pattern) {
  bool infected = false;
  dirty_.assign(dirty_.size(), false);
  const auto is_dirty = [this](int32_t buffer) { return dirty_[buffer]; };
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const Launch& launch = *step.launch;
    if (!step.mutated && std::none_of(launch.inputs.begin(), launch.inputs.end(), is_dirty)) {
      continue;
    }
    LoadCleanInputs(launch);
    const bool differs = step.mutated ? RunMutated(step, pattern) : RunOriginal(step, pattern);
    if (!differs || infected) continue;
    infected = true;
    NoteInfection(launch);
    RecomputeForSuffix(i);
  }
  return infected;
}

bool MutantRun::RunMutated(const Step& step, Pattern pattern) {
  const Launch& launch = *step.launch;
  std::vector<const uint8_t*> sources;
  size_t at = 0;
  for (int32_t buffer : launch.inputs) {
    if (!dirty_[buffer]) {
      sources.push_back(machine_.golden.Find(buffer));
      continue;
    }
    uint8_t* copy = saved_inputs_.data() + at;
    std::memcpy(copy, machine_.slots.data(buffer), machine_.slots.nbytes(buffer));
    sources.push_back(copy);
    at += machine_.slots.nbytes(buffer);
  }
  Call(step, pattern, sources);
  if (!Settle(launch)) return false;
  if (machine_.plan.poison && pattern == kPatternA && !reads_uninitialised_) {
    reads_uninitialised_ = DependsOnPattern(step, sources);
  }
  return true;
}

void MutantRun::Call(const Step& step, Pattern pattern,
                     const std::vector<const uint8_t*>& sources) {
  const Launch& launch = *step.launch;
  ++machine_.results.header().launches;
  if (!limits_.empty()) machine_.steps.Begin(limits_[launch.index]);
  machine_.executor.Run(launch, *step.kernel, row_, pattern, /*inspect=*/true);
  RepairInputs(machine_, launch, sources);
  if (machine_.plan.trap) machine_.results.StopAtWrite();
}

bool MutantRun::RunOriginal(const Step& step, Pattern pattern) {
  machine_.executor.Run(*step.launch, *step.kernel, row_, pattern, /*inspect=*/false);
  return Settle(*step.launch);
}

bool MutantRun::Settle(const Launch& launch) {
  bool differs = false;
  for (int32_t buffer : launch.outputs) {
    const uint8_t* golden = machine_.golden.Find(buffer);
    dirty_[buffer] = golden == nullptr || !machine_.slots.Equals(buffer, golden);
    if (dirty_[buffer]) {
      machine_.slots.MarkOther(buffer);
    } else {
      machine_.slots.MarkGolden(buffer, row_);
    }
    differs = differs || dirty_[buffer];
  }
  return differs;
}

bool MutantRun::DependsOnPattern(const Step& step, const std::vector<const uint8_t*>& sources) {
  const Launch& launch = *step.launch;
  Save(machine_.slots, launch.outputs, saved_outputs_);
  Call(step, kPatternB, sources);
  if (Equals(machine_.slots, launch.outputs, saved_outputs_)) return false;
  Restore(machine_.slots, launch.outputs, saved_outputs_);
  return true;
}

void MutantRun::NoteInfection(const Launch& launch) {
  RowRecord& record = machine_.results.row(row_);
  record.state = std::max<int32_t>(record.state, kInfected);
  if (record.first_launch < 0) record.first_launch = launch.index;
}

void MutantRun::RecomputeForSuffix(size_t at) {
  if (machine_.golden.cached()) return;
  const Launch& first = *steps_[at].launch;
  std::vector<bool> tainted(dirty_);
  std::vector<int32_t> needs;
  const auto is_tainted = [&](int32_t buffer) { return tainted[buffer]; };
  for (size_t i = at + 1; i < steps_.size(); ++i) {
    const Launch& launch = *steps_[i].launch;
    const bool runs =
        steps_[i].mutated || std::any_of(launch.inputs.begin(), launch.inputs.end(), is_tainted);
    if (!runs) continue;
    // A tainted input that turns out clean needs nothing: only a known one can be found clean.
    std::copy_if(launch.inputs.begin(), launch.inputs.end(), std::back_inserter(needs),
                 [&](int32_t buffer) { return !tainted[buffer]; });
    for (int32_t buffer : launch.outputs) tainted[buffer] = true;
  }
  Save(machine_.slots, first.outputs, saved_outputs_);
  Recompute(machine_, needs);
  Restore(machine_.slots, first.outputs, saved_outputs_);
  for (int32_t buffer : first.outputs) {
    if (dirty_[buffer]) machine_.slots.MarkOther(buffer);
  }
}

void MutantRun::LoadCleanInputs(const Launch& launch) {
  for (int32_t buffer : launch.inputs) {
    if (dirty_[buffer]) continue;
    machine_.slots.LoadGolden(buffer, row_, machine_.golden.Find(buffer));
  }
}

bool MutantRun::KeepModelOutputs(Pattern pattern, bool always) {
  const std::vector<OutputInfo>& outputs = machine_.plan.outputs;
  const auto held = [this](size_t i) {
    const int32_t buffer = outputs_[i];
    return dirty_[buffer] ? machine_.slots.data(buffer) : machine_.golden.Find(buffer);
  };
  bool differs = false;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const int32_t golden = outputs[i].buffer;
    differs = differs || (outputs_[i] == golden ? dirty_[golden]
                                                : std::memcmp(held(i), machine_.golden.Find(golden),
                                                              machine_.slots.nbytes(golden)) != 0);
  }
  if (!differs && !always) return false;
  for (size_t i = 0; i < outputs.size(); ++i) {
    std::memcpy(machine_.results.output(i, row_, pattern), held(i),
                machine_.slots.nbytes(outputs_[i]));
  }
  return differs;
}

}  // namespace mutatenn::runtime
