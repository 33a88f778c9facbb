// Comparing a golden buffer with a mutant's on the host, bit for bit as devices do.
#ifndef MUTATENN_VERIFY_COMPARISON_H_
#define MUTATENN_VERIFY_COMPARISON_H_

#include <cstddef>
#include <string_view>

#include "verify/record.h"

namespace mutatenn::verify {

// Bytes of an element: of float64, float32, bfloat16, float16, int8 to int64 or uint8. Throws
// std::invalid_argument for any other name.
size_t ElementBytes(std::string_view type);

// Compares `count` elements and names the k largest of each buffer. The buffers are aligned as
// their elements are. Throws std::invalid_argument for an unknown type or a k beyond 0 to kMost.
Record Compare(const void* a, const void* b, std::string_view type, size_t count, int k);

}  // namespace mutatenn::verify
#endif  // MUTATENN_VERIFY_COMPARISON_H_
