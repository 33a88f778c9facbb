#include "runtime/watch.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <functional>

#include "memory_results.h"

namespace mutatenn::runtime {
namespace {

constexpr int64_t kLong = 600'000'000'000;

struct WatchTest : testing::Test {
  MemoryResults memory;
  int input[2] = {-1, -1};
  int client = -1;
  pid_t child = -1;

  void SetUp() override {
    ASSERT_EQ(pipe(input), 0);
    client = OpenProcess(getpid());
  }
  void TearDown() override {
    close(input[0]);
    close(client);
    EXPECT_EQ(kill(child, 0), -1) << "the child is still there";
  }

  Watched Watch(int64_t deadline_ns, int64_t cap_ns, const std::function<void()>& body) {
    memory.results.Clear(deadline_ns);
    child = fork();
    if (child == 0) {
      body();
      _exit(0);
    }
    return WatchChild(child, memory.results, cap_ns, input[0], client, [] {});
  }
  int32_t fate() { return memory.results.header().fate; }
};

void SleepForever() {
  while (true) pause();
}

TEST_F(WatchTest, AFinishedChildKeepsItsFate) {
  Watch(NowNs() + kLong, kLong, [this] { memory.results.Stop(kCompleted, ""); });
  EXPECT_EQ(fate(), kCompleted);
}

TEST_F(WatchTest, APassedDeadlineIsAHang) {
  EXPECT_EQ(Watch(NowNs() + 20'000'000, kLong, SleepForever), Watched::kEnded);
  EXPECT_EQ(fate(), kHang);
}

TEST_F(WatchTest, ADeadlineThatAMutantOverwroteIsCapped) {
  Watch(NowNs() + kLong, 20'000'000, SleepForever);
  EXPECT_EQ(fate(), kHang);
}

TEST_F(WatchTest, ASignalThatNoHandlerSawIsACrash) {
  Watch(NowNs() + kLong, kLong, [] {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  });
  EXPECT_EQ(fate(), kCrash);
  EXPECT_EQ(memory.results.header().signal, SIGSEGV);
}

TEST_F(WatchTest, AKillFromOutsideIsNoCrash) {
  Watch(NowNs() + kLong, kLong, [] { raise(SIGKILL); });
  EXPECT_EQ(fate(), kLost);
}

TEST_F(WatchTest, AClientThatClosedItsEndEndsTheChild) {
  close(input[1]);
  EXPECT_EQ(Watch(NowNs() + kLong, kLong, SleepForever), Watched::kClientGone);
}

}  // namespace
}  // namespace mutatenn::runtime
