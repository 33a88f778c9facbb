// The bytes of the patterns, and vectorised looks at painted zones.
#include "runtime/pattern.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace mutatenn::runtime {
namespace {

constexpr size_t kPaintedStack = 64 * 1024;
constexpr std::ptrdiff_t kBlock = 1024;

bool Intact(const uint8_t* begin, size_t size, uint8_t value) {
  // All bytes equal their neighbour and the first equals the value: memcmp is vectorised.
  return size == 0 || (begin[0] == value && std::memcmp(begin, begin + 1, size - 1) == 0);
}

// Byte by byte only where something changed: a kernel that writes beside a workspace in a loop has
// its guards looked at for each turn.
template <typename Look>
void ForEachChanged(const uint8_t* begin, const uint8_t* end, uint8_t value, Look look) {
  for (const uint8_t* block = begin; block < end;) {
    const uint8_t* next = block + std::min<std::ptrdiff_t>(kBlock, end - block);
    if (!Intact(block, static_cast<size_t>(next - block), value)) {
      for (const uint8_t* at = block; at < next; ++at) {
        if (*at != value) look(at);
      }
    }
    block = next;
  }
}

}  // namespace

uint8_t PatternByte(Pattern pattern) { return pattern == kPatternA ? 0xFF : 0x7B; }

Damage FindDamageBefore(const uint8_t* zone, const uint8_t* data, uint8_t value) {
  Damage damage;
  ForEachChanged(zone, data, value, [&](const uint8_t* at) {
    if (damage.count == 0) damage.distance = data - at;
    ++damage.count;
  });
  return damage;
}

Damage FindDamageAfter(const uint8_t* data_end, const uint8_t* zone_end, uint8_t value) {
  Damage damage;
  ForEachChanged(data_end, zone_end, value, [&](const uint8_t* at) {
    damage.distance = at - data_end + 1;
    ++damage.count;
  });
  return damage;
}

// A sanitizer would keep zones of its own around the area, which stay unpainted.
[[gnu::noinline, gnu::no_sanitize_address]] void PaintStack(uint8_t value) {
  uint8_t area[kPaintedStack];
  std::memset(area, value, sizeof(area));
  asm volatile("" : : "r"(area) : "memory");  // keeps the otherwise dead store
}

}  // namespace mutatenn::runtime
