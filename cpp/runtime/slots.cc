// Copies golden data into slots, and compares.
#include "runtime/slots.h"

#include <cstring>

namespace mutatenn::runtime {

void Slots::LoadGolden(int32_t buffer, int32_t row, const uint8_t* golden) {
  if (HoldsGolden(buffer, row)) return;
  std::memcpy(data(buffer), golden, nbytes(buffer));
  MarkGolden(buffer, row);
}

bool Slots::Equals(int32_t buffer, const uint8_t* other) const {
  return std::memcmp(data(buffer), other, nbytes(buffer)) == 0;
}

}  // namespace mutatenn::runtime
