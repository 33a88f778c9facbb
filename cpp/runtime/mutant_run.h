// Runs the plan with some kernels replaced, or its variant, row by row, as far as results differ.
#ifndef MUTATENN_RUNTIME_MUTANT_RUN_H_
#define MUTATENN_RUNTIME_MUTANT_RUN_H_

#include <cstdint>
#include <vector>

#include "runtime/machine.h"
#include "runtime/request.h"

namespace mutatenn::runtime {

class MutantRun {
 public:
  // Each of `mutants` stands in for the kernel that the stand-in of its index names. If they are
  // counted, `limits` says how many steps each of their launches may take, in the order of
  // launches; else it is empty.
  MutantRun(Machine& machine, const std::vector<StandIn>& stand_ins,
            const std::vector<Kernel>& mutants, const std::vector<int64_t>& limits);

  // Runs the plan's variant.
  explicit MutantRun(Machine& machine);

  // Runs every row and fills its record and, where they differ, its outputs.
  void Run();

 private:
  // A launch of the program that is compared with the golden one.
  struct Step {
    const Launch* launch;
    const Kernel* kernel;
    bool mutated;  // it runs whatever its inputs are
  };

  // Makes room for what `steps_` needs.
  void Prepare();
  void RunRow(int32_t row);
  // Runs a row whose launches are all golden under pattern A once more under pattern B.
  void ConfirmMasked(RowRecord& record);
  // One pass over the steps under one pattern: mutated launches always run, others when an input
  // differs from golden. Returns whether any launch differed.
  bool Pass(Pattern pattern);
  // True when an output differs from golden.
  bool RunMutated(const Step& step, Pattern pattern);
  // Guards are not looked at around original kernels: they were shown to stay in bounds on golden
  // inputs, and what a wrong input makes one write outside is contained, but not recorded.
  bool RunOriginal(const Step& step, Pattern pattern);
  // Calls the mutant; under `trap` a write out of bounds ends the process.
  void Call(const Step& step, Pattern pattern, const std::vector<const uint8_t*>& sources);
  // Compares a launch's outputs with golden and notes which are dirty.
  bool Settle(const Launch& launch);
  // Runs the launch again under pattern B: do its outputs depend on the pattern?
  bool DependsOnPattern(const Step& step, const std::vector<const uint8_t*>& sources);
  void NoteInfection(const Launch& launch);
  // For a row beyond the cache: golden inputs that launches after `first` may need.
  void RecomputeForSuffix(size_t at);
  void LoadCleanInputs(const Launch& launch);
  // Copies the pass's model outputs out; true when one differs from golden.
  bool KeepModelOutputs(Pattern pattern, bool always);

  Machine& machine_;
  std::vector<Step> steps_;
  std::vector<int32_t> outputs_;       // per output of the plan: the buffer that holds it
  std::vector<int32_t> golden_needs_;  // buffers of the mutated launches, and the outputs
  int32_t row_ = 0;
  bool reads_uninitialised_ = false;
  std::vector<int64_t> limits_;         // in steps, per launch of the plan; empty: not counted
  std::vector<bool> dirty_;             // per buffer: its slot holds something else than golden
  std::vector<uint8_t> saved_inputs_;   // dirty inputs of a mutated launch
  std::vector<uint8_t> saved_outputs_;  // outputs of a launch
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_MUTANT_RUN_H_
