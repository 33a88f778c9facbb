// Chunks weighed by the finaliser of MurmurHash3 (Austin Appleby) of their number.
#include "verify/checksum.h"

#include <algorithm>
#include <cstring>

namespace mutatenn::verify {
namespace {

constexpr uint64_t kFactors[] = {0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb,
                                 0xd6e8feb86659fd93};
constexpr size_t kChunk = 16;

uint64_t WeightOf(uint32_t number) {
  number ^= number >> 16;
  number *= 0x85ebca6bu;
  number ^= number >> 13;
  number *= 0xc2b2ae35u;
  number ^= number >> 16;
  return 2 * uint64_t{number} + 1;
}

}  // namespace

uint64_t Checksum(const void* data, size_t bytes) {
  const auto* begin = static_cast<const unsigned char*>(data);
  uint64_t sum = 0;
  for (size_t at = 0; at < bytes; at += kChunk) {
    uint32_t words[4] = {};
    std::memcpy(words, begin + at, std::min(kChunk, bytes - at));
    uint64_t chunk = 0;
    for (int word = 0; word < 4; ++word) chunk += words[word] * kFactors[word];
    sum += chunk * WeightOf(static_cast<uint32_t>(at / kChunk));
  }
  return sum;
}

}  // namespace mutatenn::verify
