// The largest values of a buffer in their order, the lowest index first among equals.
#ifndef MUTATENN_VERIFY_LEADERS_H_
#define MUTATENN_VERIFY_LEADERS_H_

#include <cstddef>
#include <cstdint>

#include "verify/record.h"

namespace mutatenn::verify {

// Writes indices of the k largest of `count` elements, without NaN among them; the rest is kNone.
template <typename Element>
void FindLeaders(const typename Element::Bits* data, size_t count, int k, int64_t* indices) {
  int64_t steps[kMost];
  int found = 0;
  for (size_t index = 0; index < count; ++index) {
    const int64_t value = Element::Steps(data[index]);
    if (found == k && (k == 0 || value <= steps[k - 1])) continue;
    int at = found < k ? found++ : k - 1;
    for (; at > 0 && value > steps[at - 1]; --at) {
      steps[at] = steps[at - 1];
      indices[at] = indices[at - 1];
    }
    steps[at] = value;
    indices[at] = static_cast<int64_t>(index);
  }
  for (; found < kMost; ++found) indices[found] = kNone;
}

}  // namespace mutatenn::verify
#endif  // MUTATENN_VERIFY_LEADERS_H_
