// Slots, guards and fences: alignment, damage, faults.
#include "runtime/arena.h"

#include <gtest/gtest.h>

#include <vector>

namespace mutatenn::runtime {
namespace {

constexpr size_t kGuard = 64 * 1024;

struct Seen {
  Side side;
  Damage damage;
};

std::vector<Seen> Inspect(Arena& arena, int32_t buffer) {
  std::vector<Seen> seen;
  arena.Inspect(buffer, [&](Side side, const Damage& damage) { seen.push_back({side, damage}); });
  return seen;
}

TEST(GuardBytes, IsAtLeastTheFloorAndAsLargeAsTheDataUpToOneMebibyte) {
  EXPECT_EQ(GuardBytes(4, kGuard), kGuard);
  EXPECT_EQ(GuardBytes(256 * 1024, kGuard), 256U * 1024);
  EXPECT_EQ(GuardBytes(size_t{1} << 30, kGuard), size_t{1} << 20);
  EXPECT_EQ(GuardBytes(size_t{1} << 30, size_t{2} << 20), size_t{2} << 20);
}

TEST(Arena, DataIsAlignedAndBoundedByItsGuards) {
  const Arena arena({4, 0, 100'001}, kGuard);
  for (int32_t buffer = 0; buffer < 3; ++buffer) {
    const Slot& slot = arena.slot(buffer);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(slot.data) % kAlignment, 0U);
    EXPECT_GE(slot.data - slot.low, static_cast<ptrdiff_t>(kGuard));
    EXPECT_GE(slot.high - slot.end, static_cast<ptrdiff_t>(kGuard));
  }
  EXPECT_EQ(arena.slot(0).end - arena.slot(0).data, 4);
  EXPECT_EQ(arena.slot(2).end - arena.slot(2).data, 100'001);
}

TEST(Arena, PaintLeavesTheDataAlone) {
  Arena arena({16}, kGuard);
  const Slot& slot = arena.slot(0);
  arena.Paint(0, 0xFF);
  EXPECT_EQ(slot.data[-1], 0xFF);
  EXPECT_EQ(slot.low[0], 0xFF);
  EXPECT_EQ(slot.data[0], 0);
  EXPECT_EQ(slot.data[15], 0);
  EXPECT_EQ(slot.end[0], 0xFF);
  EXPECT_EQ(slot.high[-1], 0xFF);
}

TEST(Arena, InspectReportsEachSideAndRepairs) {
  Arena arena({16}, kGuard);
  const Slot& slot = arena.slot(0);
  arena.Paint(0, 0xFF);
  EXPECT_TRUE(Inspect(arena, 0).empty());
  slot.data[-4] = 1;
  slot.end[7] = 1;
  const std::vector<Seen> seen = Inspect(arena, 0);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].side, kBefore);
  EXPECT_EQ(seen[0].damage.distance, 4);
  EXPECT_EQ(seen[1].side, kAfter);
  EXPECT_EQ(seen[1].damage.distance, 8);
  EXPECT_TRUE(Inspect(arena, 0).empty());
  EXPECT_EQ(slot.end[7], 0xFF);
}

TEST(Arena, InspectKnowsThePatternThatWasPaintedLast) {
  Arena arena({16}, kGuard);
  arena.Paint(0, 0xFF);
  arena.Paint(0, 0x7B);
  EXPECT_TRUE(Inspect(arena, 0).empty());
}

TEST(ArenaDeathTest, AccessInAFenceFaults) {
  const Arena arena({16}, kGuard);
  EXPECT_DEATH(arena.slot(0).high[0] = 1, "");
  EXPECT_DEATH(arena.slot(0).low[-1] = 1, "");
}

TEST(Locate, TellsSideAndDistance) {
  uint8_t bytes[32] = {};
  const Place before = Locate(bytes + 4, bytes + 8, bytes + 16, 5);
  EXPECT_EQ(before.buffer, 5);
  EXPECT_EQ(before.side, kBefore);
  EXPECT_EQ(before.distance, 4);
  EXPECT_EQ(Locate(bytes + 8, bytes + 8, bytes + 16, 5).side, kInside);
  const Place after = Locate(bytes + 16, bytes + 8, bytes + 16, 5);
  EXPECT_EQ(after.side, kAfter);
  EXPECT_EQ(after.distance, 1);
}

}  // namespace
}  // namespace mutatenn::runtime
