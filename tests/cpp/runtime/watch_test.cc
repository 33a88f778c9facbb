// How the watch tells the ends of a child apart, and its limits.
#include "runtime/watch.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <functional>

#include "memory_results.h"

namespace mutatenn::runtime {
namespace {

constexpr int64_t kLong = 600'000'000'000;
constexpr int64_t kShort = 20'000'000;
constexpr Bounds kLoose = {kLong, kNever};

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

  Watched Watch(int64_t deadline_ns, const Bounds& bounds, const std::function<void()>& body) {
    memory.results.Clear(deadline_ns);
    child = fork();
    if (child == 0) {
      body();
      _exit(0);
    }
    return WatchChild(child, memory.results, bounds, input[0], client);
  }
  int32_t fate() { return memory.results.header().fate; }
};

void SleepForever() {
  while (true) pause();
}

TEST_F(WatchTest, AFinishedChildKeepsItsFate) {
  Watch(NowNs() + kLong, kLoose, [this] { memory.results.Stop(kCompleted, ""); });
  EXPECT_EQ(fate(), kCompleted);
}

TEST_F(WatchTest, APassedDeadlineIsAHang) {
  EXPECT_EQ(Watch(NowNs() + kShort, kLoose, SleepForever), Watched::kEnded);
  EXPECT_EQ(fate(), kHang);
}

TEST_F(WatchTest, ADeadlineThatAMutantOverwroteIsCapped) {
  Watch(NowNs() + kLong, {kShort, kNever}, SleepForever);
  EXPECT_EQ(fate(), kHang);
  EXPECT_STREQ(memory.results.header().message, "");
}

TEST_F(WatchTest, ALimitOfTheWholeRunIsAHangThatSaysSo) {
  Watch(NowNs() + kLong, {kLong, NowNs() + kShort}, SleepForever);
  EXPECT_EQ(fate(), kHang);
  EXPECT_STREQ(memory.results.header().message, "the limit of the whole run");
}

TEST_F(WatchTest, BeatsDoNotPutOffTheLimitOfTheWholeRun) {
  Watch(NowNs() + kLong, {kLong, NowNs() + kShort}, [this] {
    while (true) memory.results.Enter(0, 0, kPatternA, NowNs() + kLong);
  });
  EXPECT_EQ(fate(), kHang);
}

TEST_F(WatchTest, ASignalThatNoHandlerSawIsACrash) {
  Watch(NowNs() + kLong, kLoose, [] {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  });
  EXPECT_EQ(fate(), kCrash);
  EXPECT_EQ(memory.results.header().signal, SIGSEGV);
}

TEST_F(WatchTest, AKillFromOutsideIsNoCrash) {
  Watch(NowNs() + kLong, kLoose, [] { raise(SIGKILL); });
  EXPECT_EQ(fate(), kLost);
}

TEST_F(WatchTest, AClientThatClosedItsEndEndsTheChild) {
  close(input[1]);
  EXPECT_EQ(Watch(NowNs() + kLong, kLoose, SleepForever), Watched::kClientGone);
}

}  // namespace
}  // namespace mutatenn::runtime
