// Workspaces: filled, guarded, taken back, safe from several threads.
#include "runtime/workspace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <vector>

#include "memory_results.h"

namespace mutatenn::runtime {
namespace {

struct WorkspaceTest : testing::Test {
  MemoryResults memory;
  WorkspacePool pool{64 * 1024, memory.results};
  void SetUp() override {
    memory.results.Enter(0, 0, kPatternA, 0);
    pool.BeginLaunch(kPatternA, true, true);
  }
};

TEST_F(WorkspaceTest, HoldsThePatternOfTheLaunch) {
  auto* data = static_cast<uint8_t*>(pool.Alloc(100));
  EXPECT_EQ(data[0], 0xFF);
  EXPECT_EQ(data[99], 0xFF);
  data[0] = 1;
  EXPECT_TRUE(pool.Free(data));
  pool.BeginLaunch(kPatternB, true, true);
  auto* again = static_cast<uint8_t*>(pool.Alloc(100));
  EXPECT_EQ(again[0], 0x7B);
  EXPECT_EQ(again[-1], 0x7B);
  EXPECT_EQ(again[100], 0x7B);
}

TEST_F(WorkspaceTest, AWriteBehindItIsRecordedWhenItIsFreed) {
  auto* data = static_cast<uint8_t*>(pool.Alloc(100));
  data[102] = 0;
  EXPECT_TRUE(pool.Free(data));
  ASSERT_EQ(memory.results.header().writes, 1U);
  EXPECT_EQ(memory.results.write(0).buffer, kWorkspace);
  EXPECT_EQ(memory.results.write(0).side, kAfter);
  EXPECT_EQ(memory.results.write(0).distance, 3);
}

TEST_F(WorkspaceTest, WhatIsNotFreedIsTakenBackAtTheLaunchsEnd) {
  auto* data = static_cast<uint8_t*>(pool.Alloc(100));
  data[-1] = 0;
  pool.EndLaunch();
  EXPECT_EQ(memory.results.header().writes, 1U);
  EXPECT_FALSE(pool.Free(data));
}

TEST_F(WorkspaceTest, AnImpossibleSizeIsRefusedAndNoted) {
  EXPECT_EQ(pool.Alloc(~uint64_t{0} - 100), nullptr);
  EXPECT_EQ(memory.results.header().exhausted, 1);
}

TEST_F(WorkspaceTest, TheNearestLiveOneIsFound) {
  auto* data = static_cast<uint8_t*>(pool.Alloc(100));
  const Place place = pool.Nearest(data + 110);
  EXPECT_EQ(place.buffer, kWorkspace);
  EXPECT_EQ(place.side, kAfter);
  EXPECT_EQ(place.distance, 11);
  pool.Free(data);
  EXPECT_EQ(pool.Nearest(data).buffer, kUnknownBuffer);
}

TEST_F(WorkspaceTest, ThreadsGetDistinctMemory) {
  std::vector<void*> got(8);
  std::vector<std::thread> threads;
  for (void*& data : got) {
    threads.emplace_back([this, &data] {
      for (int i = 0; i < 20; ++i) pool.Free(pool.Alloc(64));
      data = pool.Alloc(64);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(got.begin(), got.end());
  EXPECT_EQ(std::unique(got.begin(), got.end()), got.end());
}

TEST_F(WorkspaceTest, OnlyOnePoolServesTheHooks) {
  const auto hooks = WorkspaceHooks(&pool);
  EXPECT_STREQ(hooks[0].name, "TVMBackendAllocWorkspace");
  EXPECT_THROW(WorkspaceHooks(&pool), std::logic_error);
}

}  // namespace
}  // namespace mutatenn::runtime
