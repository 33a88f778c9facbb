// One slot of memory per buffer of the plan, each between guard zones and unmapped fences.
#ifndef MUTATENN_RUNTIME_ARENA_H_
#define MUTATENN_RUNTIME_ARENA_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/pattern.h"
#include "runtime/protocol.h"

namespace mutatenn::runtime {

constexpr size_t kAlignment = 64;           // TVM assumes it and does not check
constexpr size_t kFence = size_t{1} << 30;  // address space only

// [fence][guard][data][guard][fence]; the upper guard starts at the data's very last byte.
struct Slot {
  uint8_t* low;   // begin of the lower guard
  uint8_t* data;  // 64-byte aligned
  uint8_t* end;   // end of the data
  uint8_t* high;  // end of the upper guard
};

// Where an address lies relative to some data.
struct Place {
  int32_t buffer = kUnknownBuffer;
  int32_t side = kInside;
  int64_t distance = 0;  // bytes from the data's edge
};

// Guard size for data of `nbytes`: at least `guard_bytes` and as large as the data up to 1 MiB.
size_t GuardBytes(size_t nbytes, size_t guard_bytes);

// Side and distance of `address` relative to [data, end).
Place Locate(const uint8_t* address, const uint8_t* data, const uint8_t* end, int32_t buffer);

// Owns the address range. Pages are private: a forked child writes its own copies.
class Arena {
 public:
  // Throws std::system_error when the address space cannot be reserved.
  Arena(const std::vector<size_t>& sizes, size_t guard_bytes);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  const Slot& slot(int32_t buffer) const { return slots_[buffer]; }

  // Lets both guards hold `value`; cheap when they already do.
  void Paint(int32_t buffer, uint8_t value);

  // Damage since `Paint`, repaired. `report(side, damage)` is called per damaged guard.
  template <typename Report>
  void Inspect(int32_t buffer, Report report) {
    const Slot& slot = slots_[buffer];
    const uint8_t value = painted_[buffer];
    const Damage before = FindDamageBefore(slot.low, slot.data, value);
    const Damage after = FindDamageAfter(slot.end, slot.high, value);
    if (before.count == 0 && after.count == 0) return;
    painted_[buffer] = kUnpainted;
    Paint(buffer, value);
    if (before.count != 0) report(kBefore, before);
    if (after.count != 0) report(kAfter, after);
  }

 private:
  static constexpr uint8_t kUnpainted = 0;
  uint8_t* base_ = nullptr;
  size_t size_ = 0;
  std::vector<Slot> slots_;
  std::vector<uint8_t> painted_;
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_ARENA_H_
