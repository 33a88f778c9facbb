// The bytes of the patterns, and vectorised looks at painted zones.
#include "runtime/pattern.h"

#include <cstring>

namespace mutatenn::runtime {
namespace {

constexpr size_t kPaintedStack = 64 * 1024;

bool Intact(const uint8_t* begin, size_t size, uint8_t value) {
  // All bytes equal their neighbour and the first equals the value: memcmp is vectorised.
  return size == 0 || (begin[0] == value && std::memcmp(begin, begin + 1, size - 1) == 0);
}

}  // namespace

uint8_t PatternByte(Pattern pattern) { return pattern == kPatternA ? 0xFF : 0x7B; }

Damage FindDamageBefore(const uint8_t* zone, const uint8_t* data, uint8_t value) {
  Damage damage;
  if (Intact(zone, static_cast<size_t>(data - zone), value)) return damage;
  for (const uint8_t* at = zone; at < data; ++at) {
    if (*at == value) continue;
    if (damage.count == 0) damage.distance = data - at;
    ++damage.count;
  }
  return damage;
}

Damage FindDamageAfter(const uint8_t* data_end, const uint8_t* zone_end, uint8_t value) {
  Damage damage;
  if (Intact(data_end, static_cast<size_t>(zone_end - data_end), value)) return damage;
  for (const uint8_t* at = data_end; at < zone_end; ++at) {
    if (*at == value) continue;
    damage.distance = at - data_end + 1;
    ++damage.count;
  }
  return damage;
}

// A sanitizer would keep zones of its own around the area, which stay unpainted.
[[gnu::noinline, gnu::no_sanitize_address]] void PaintStack(uint8_t value) {
  uint8_t area[kPaintedStack];
  std::memset(area, value, sizeof(area));
  asm volatile("" : : "r"(area) : "memory");  // keeps the otherwise dead store
}

}  // namespace mutatenn::runtime
