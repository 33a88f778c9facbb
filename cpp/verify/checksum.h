// Sixty-four bits that tell buffers apart.
#ifndef MUTATENN_VERIFY_CHECKSUM_H_
#define MUTATENN_VERIFY_CHECKSUM_H_

#include <cstddef>
#include <cstdint>

namespace mutatenn::verify {

// The sum, modulo 2^64, of each chunk of 16 bytes times an odd weight that no other chunk has. The
// last chunk is filled up with zeros. A chunk is the sum of its four little-endian words times a
// constant each.
uint64_t Checksum(const void* data, size_t bytes);

}  // namespace mutatenn::verify
#endif  // MUTATENN_VERIFY_CHECKSUM_H_
