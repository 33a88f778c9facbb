// Runs an instrumented original kernel on golden inputs, and collects the flags that it raises.
#ifndef MUTATENN_RUNTIME_PROBE_RUN_H_
#define MUTATENN_RUNTIME_PROBE_RUN_H_

#include <cstdint>

#include "runtime/fenced_block.h"
#include "runtime/machine.h"

namespace mutatenn::runtime {

class ProbeRun {
 public:
  // `probe` stands in for the kernel of index `kernel` and takes int32[flags] as its last argument.
  ProbeRun(Machine& machine, int32_t kernel, const Kernel& probe, int32_t flags);

  // Goes through the rows until every flag is raised, and leaves the flags in the results. What the
  // probe computes is not looked at, but a write out of bounds ends the process as a crash: flags
  // of a probe that misbehaves say nothing.
  void Run();

 private:
  void RunLaunch(const Launch& launch);
  bool AllRaised() const;
  int32_t* flags() const { return reinterpret_cast<int32_t*>(block_.data()); }

  Machine& machine_;
  const int32_t kernel_;
  const Kernel& probe_;
  FencedBlock block_;
  int64_t shape_[1];
  int64_t strides_[1] = {1};
  DLTensor tensor_ = {};
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_PROBE_RUN_H_
