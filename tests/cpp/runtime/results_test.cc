// Records, merging of writes and the heartbeat in the results file.
#include "runtime/results.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "memory_results.h"

namespace mutatenn::runtime {
namespace {

TEST(Results, ClearLeavesNoRowRun) {
  MemoryResults memory;
  EXPECT_EQ(memory.results.header().magic, kMagic);
  EXPECT_EQ(memory.results.header().fate, kRunning);
  EXPECT_EQ(memory.results.row(1).state, kNotRun);
  EXPECT_EQ(memory.results.row(1).first_launch, -1);
}

TEST(Results, WritesOfOneRowBufferAndSideAreMerged) {
  MemoryResults memory;
  memory.results.Enter(0, 2, kPatternA, 0);
  memory.results.RecordWrite(7, kAfter, {4, 4});
  memory.results.Enter(0, 5, kPatternA, 0);
  memory.results.RecordWrite(7, kAfter, {12, 2});
  ASSERT_EQ(memory.results.header().writes, 1U);
  const WriteRecord& record = memory.results.write(0);
  EXPECT_EQ(record.launch, 2);
  EXPECT_EQ(record.distance, 12);
  EXPECT_EQ(record.count, 4);
  EXPECT_EQ(memory.results.row(0).flags, static_cast<uint32_t>(kWritesOutOfBounds));
  EXPECT_EQ(memory.results.row(1).flags, 0U);
}

TEST(Results, WritesThatFindNoRoomAreCounted) {
  MemoryResults memory;
  memory.results.Enter(0, 0, kPatternA, 0);
  memory.results.RecordWrite(1, kAfter, {1, 1});
  memory.results.RecordWrite(1, kBefore, {1, 1});
  memory.results.Enter(1, 0, kPatternA, 0);
  memory.results.RecordWrite(1, kAfter, {1, 1});
  memory.results.RecordWrite(kWorkspace, kAfter, {1, 1});
  EXPECT_EQ(memory.results.header().writes, 3U);
  EXPECT_EQ(memory.results.header().lost_writes, 1U);
}

int FateAfterStopAtWrite(MemoryResults& memory) {
  const pid_t child = fork();
  if (child == 0) {
    memory.results.StopAtWrite();
    memory.results.Stop(kCompleted, "");
  }
  waitpid(child, nullptr, 0);
  return memory.results.header().fate;
}

TEST(Results, ARecordedWriteStopsTheRunAsACrash) {
  MemoryResults memory;
  memory.results.Enter(0, 0, kPatternA, 0);
  memory.results.RecordWrite(1, kAfter, {1, 1});
  EXPECT_EQ(FateAfterStopAtWrite(memory), kCrash);
}

TEST(Results, NoWriteStopsNothing) {
  MemoryResults memory;
  EXPECT_EQ(FateAfterStopAtWrite(memory), kCompleted);
}

TEST(Results, ALongMessageIsCut) {
  MemoryResults memory;
  memory.results.SetMessage(std::string(1000, 'x'));
  EXPECT_EQ(std::string(memory.results.header().message),
            std::string(sizeof(Header::message) - 1, 'x'));
}

TEST(Results, EveryEntryIsANewBeat) {
  MemoryResults memory;
  const uint64_t before = memory.results.header().beat;
  memory.results.Enter(1, 0, kPatternB, 42);
  EXPECT_EQ(memory.results.header().beat, before + 1);
  EXPECT_EQ(memory.results.header().deadline_ns, 42);
  EXPECT_EQ(memory.results.header().row, 1);
}

}  // namespace
}  // namespace mutatenn::runtime
