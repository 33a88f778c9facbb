// Adds steps up without overflow, and stops the process once.
#include "runtime/step_counter.h"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace mutatenn::runtime {
namespace {

StepCounter* active_counter = nullptr;

}  // namespace

StepCounter::StepCounter(Results& results) : results_(results) {
  if (active_counter != nullptr) throw std::logic_error("two step counters are in use");
  active_counter = this;
}

StepCounter::~StepCounter() { active_counter = nullptr; }

void StepCounter::Begin(int64_t limit) {
  limit_ = std::min(limit, kMost);
  taken_ = 0;
}

void StepCounter::Add(int64_t times, int64_t each) {
  if (times <= 0 || each <= 0) return;
  int64_t steps = 0;
  if (__builtin_mul_overflow(times, each, &steps)) steps = kMost + 1;
  steps = std::min(steps, limit_ + 1);
  if (taken_.fetch_add(steps, std::memory_order_relaxed) + steps <= limit_) return;
  // Threads that pass the limit meanwhile wait for the end.
  if (stopping_.exchange(true)) {
    for (;;) pause();
  }
  results_.Stop(kSteps, std::to_string(limit_));
}

}  // namespace mutatenn::runtime

int32_t mutatenn_count_steps(int64_t times, int64_t each) {
  mutatenn::runtime::active_counter->Add(times, each);
  return 0;
}
