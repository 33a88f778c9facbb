// Counts what the loops of a counted kernel run, and ends the run that passes its limit.
#ifndef MUTATENN_RUNTIME_STEP_COUNTER_H_
#define MUTATENN_RUNTIME_STEP_COUNTER_H_

#include <atomic>
#include <cstdint>

#include "runtime/results.h"

// What counted kernels call: `times` rounds of `each` steps are about to be run. Safe from any
// thread. Returns 0. The executable exports it, so that a kernel finds it by its name.
extern "C" __attribute__((visibility("default"))) int32_t mutatenn_count_steps(int64_t times,
                                                                               int64_t each);

namespace mutatenn::runtime {

// At most one at a time: a kernel's call carries no context that it could be found by.
class StepCounter {
 public:
  // No limit may be larger. Some hundred threads may pass it at once before a sum could wrap.
  static constexpr int64_t kMost = int64_t{1} << 55;

  explicit StepCounter(Results& results);
  ~StepCounter();
  StepCounter(const StepCounter&) = delete;
  StepCounter& operator=(const StepCounter&) = delete;

  // Counts from zero, for one launch; more than `limit` steps end the process as kSteps.
  void Begin(int64_t limit);

  // The steps since then; a product that no kernel could run counts as just above the limit.
  int64_t taken() const { return taken_.load(); }

  // A number of rounds below zero is none.
  void Add(int64_t times, int64_t each);

 private:
  Results& results_;
  int64_t limit_ = kMost;
  std::atomic<int64_t> taken_{0};
  std::atomic<bool> stopping_{false};
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_STEP_COUNTER_H_
