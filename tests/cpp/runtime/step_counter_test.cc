// Counting steps: sums, saturation, limits, threads.
#include "runtime/step_counter.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <limits>
#include <stdexcept>
#include <string>

#include "memory_results.h"
#include "runtime/kernel.h"

namespace mutatenn::runtime {
namespace {

constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();

struct StepCounterTest : testing::Test {
  MemoryResults memory;
  StepCounter counter{memory.results};

  // The fate of a process that does this; 0 when nothing ends it.
  int FateAfter(const std::function<void()>& counting) {
    const pid_t child = fork();
    if (child == 0) {
      counting();
      _exit(0);
    }
    waitpid(child, nullptr, 0);
    return memory.results.header().fate;
  }
};

TEST_F(StepCounterTest, AddsRoundsTimesSteps) {
  counter.Begin(100);
  EXPECT_EQ(mutatenn_count_steps(3, 5), 0);
  mutatenn_count_steps(1, 7);
  EXPECT_EQ(counter.taken(), 22);
}

TEST_F(StepCounterTest, EachLaunchCountsFromZero) {
  counter.Begin(10);
  mutatenn_count_steps(1, 10);
  counter.Begin(10);
  EXPECT_EQ(counter.taken(), 0);
}

TEST_F(StepCounterTest, ALoopThatDoesNotRunTakesNoSteps) {
  counter.Begin(1);
  mutatenn_count_steps(-4, 1000);
  mutatenn_count_steps(0, 1000);
  EXPECT_EQ(counter.taken(), 0);
}

TEST_F(StepCounterTest, AsManyStepsAsTheLimitAreAllowed) {
  EXPECT_EQ(FateAfter([&] {
              counter.Begin(10);
              mutatenn_count_steps(2, 5);
            }),
            kRunning);
}

TEST_F(StepCounterTest, OneStepMoreEndsTheProcessAndTellsTheLimit) {
  EXPECT_EQ(FateAfter([&] {
              counter.Begin(10);
              mutatenn_count_steps(2, 5);
              mutatenn_count_steps(1, 1);
            }),
            kSteps);
  EXPECT_STREQ(memory.results.header().message, "10");
}

TEST_F(StepCounterTest, AProductBeyondAllNumbersPassesTheLargestLimit) {
  EXPECT_EQ(FateAfter([&] {
              counter.Begin(kLargest);
              mutatenn_count_steps(kLargest, kLargest);
            }),
            kSteps);
  EXPECT_EQ(memory.results.header().message, std::to_string(StepCounter::kMost));
}

TEST_F(StepCounterTest, ThereIsOnlyOneAtATime) {
  EXPECT_THROW(StepCounter second(memory.results), std::logic_error);
}

TEST_F(StepCounterTest, AKernelFindsItByNameAndMayCallItFromManyThreads) {
  const TvmLibraries libraries("libc.so.6", "libm.so.6");
  const Kernel kernel(COUNTED_KERNEL, libraries, {});
  counter.Begin(24000);
  EXPECT_EQ(kernel.Call({}), 0);
  EXPECT_EQ(counter.taken(), 24000);
  EXPECT_EQ(FateAfter([&] {
              counter.Begin(23999);
              kernel.Call({});
            }),
            kSteps);
}

}  // namespace
}  // namespace mutatenn::runtime
