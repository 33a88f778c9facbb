// What each slot of the arena holds, so that golden data is copied in only when it is not there.
#ifndef MUTATENN_RUNTIME_SLOTS_H_
#define MUTATENN_RUNTIME_SLOTS_H_

#include <cstdint>
#include <vector>

#include "runtime/arena.h"
#include "runtime/plan.h"

namespace mutatenn::runtime {

class Slots {
 public:
  Slots(const Plan& plan, const Arena& arena)
      : plan_(plan), arena_(arena), holds_(plan.buffers.size(), kOther) {}

  uint8_t* data(int32_t buffer) const { return arena_.slot(buffer).data; }
  size_t nbytes(int32_t buffer) const { return plan_.buffers[buffer].nbytes; }

  // Does the slot hold golden data of `row`?
  bool HoldsGolden(int32_t buffer, int32_t row) const { return holds_[buffer] == Key(buffer, row); }
  void MarkGolden(int32_t buffer, int32_t row) { holds_[buffer] = Key(buffer, row); }
  void MarkOther(int32_t buffer) { holds_[buffer] = kOther; }

  // Copies golden data of `row` in unless it is there.
  void LoadGolden(int32_t buffer, int32_t row, const uint8_t* golden);

  bool Equals(int32_t buffer, const uint8_t* other) const;

 private:
  static constexpr int32_t kOther = -1;
  // Weights are the same for every row.
  int32_t Key(int32_t buffer, int32_t row) const {
    return plan_.buffers[buffer].role == Role::kWeight ? 0 : row;
  }
  const Plan& plan_;
  const Arena& arena_;
  std::vector<int32_t> holds_;
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_SLOTS_H_
