// Fill patterns, and finding what was written over them.
#ifndef MUTATENN_RUNTIME_PATTERN_H_
#define MUTATENN_RUNTIME_PATTERN_H_

#include <cstddef>
#include <cstdint>

#include "runtime/protocol.h"

namespace mutatenn::runtime {

// The byte of a pattern. A, 0xFF: a quiet NaN in every IEEE float type, -1 in integers.
// B, 0x7B: a large finite number in float16, bfloat16, float32 and float64.
uint8_t PatternByte(Pattern pattern);

// Changed bytes of a painted zone; `count` 0 means intact.
struct Damage {
  int64_t distance = 0;  // of the farthest changed byte from the data, 1 for the adjacent byte
  int64_t count = 0;
};

// Looks for bytes other than `value` in the zone that ends where the data begins.
Damage FindDamageBefore(const uint8_t* zone, const uint8_t* data, uint8_t value);

// Looks for bytes other than `value` in the zone that begins where the data ends.
Damage FindDamageAfter(const uint8_t* data_end, const uint8_t* zone_end, uint8_t value);

// Fills the stack below the caller's frame, so that a callee's uninitialised locals hold `value`.
// Only the calling thread's: stacks of TVM's pool threads stay as they are.
void PaintStack(uint8_t value);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_PATTERN_H_
