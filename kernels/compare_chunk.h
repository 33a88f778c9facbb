// Sixteen bytes of both buffers at a time: loading them, their checksum, their elements.
#define PER_CHUNK (16 * 8 / WIDTH)

// Bytes [16 * chunk, 16 * chunk + 16) of what begins at `data`, zeros from `bytes` on.
DEVICE Words LoadBytes(GLOBAL const u8* data, u64 begin, u64 bytes) {
  u32 words[4];
  for (int word = 0; word < 4; ++word) {
    words[word] = 0;
    for (int byte = 0; byte < 4; ++byte) {
      const u64 at = begin + 4 * word + byte;
      if (at < bytes) words[word] |= (u32)data[at] << (8 * byte);
    }
  }
  Words loaded;
  loaded.x = words[0];
  loaded.y = words[1];
  loaded.z = words[2];
  loaded.w = words[3];
  return loaded;
}

DEVICE Words Load(GLOBAL const u8* data, u32 chunk, u64 bytes, int aligned) {
  const u64 begin = (u64)chunk * 16;
  if (aligned && begin + 16 <= bytes) return ((GLOBAL const Words*)data)[chunk];
  return LoadBytes(data, begin, bytes);
}

// Odd, and another one for every chunk: the finaliser of MurmurHash3 (Austin Appleby) mixes.
DEVICE u64 WeightOf(u32 chunk) {
  chunk ^= chunk >> 16;
  chunk *= 0x85ebca6bu;
  chunk ^= chunk >> 13;
  chunk *= 0xc2b2ae35u;
  chunk ^= chunk >> 16;
  return 2 * (u64)chunk + 1;
}

// A sum, so that the order in which chunks are added does not matter.
DEVICE u64 Weighed(Words words, u64 weight) {
  return weight * ((u64)words.x * 0x9e3779b97f4a7c15ul + (u64)words.y * 0xbf58476d1ce4e5b9ul +
                   (u64)words.z * 0x94d049bb133111ebul + (u64)words.w * 0xd6e8feb86659fd93ul);
}

#if WIDTH < 64
// The elements of a word, of which `left` are there.
DEVICE void TakeWord(Item* item, LOCAL u32* counters, u32 a, u32 b, u32 index, u32 left,
                     int plain) {
#if WIDTH == 32
  if (left) TakeElement(item, counters, a, b, index, plain);
#else
  for (u32 at = 0; at < 32 / WIDTH && at < left; ++at) {
    const u32 mask = (1u << WIDTH) - 1;
    TakeElement(item, counters, a & mask, b & mask, index + at, plain);
    a >>= WIDTH;
    b >>= WIDTH;
  }
#endif
}
#endif

// What the elements of a chunk have in common: their largest value and whether one is special.
typedef struct {
  Steps most;
  int special;
} Outline;

DEVICE void Sketch(Outline* outline, Bits bits) {
  const Steps steps = StepsOf(bits);
  if (steps > outline->most) outline->most = steps;
#ifdef INFINITE
  outline->special |= IS_SPECIAL(bits);
#endif
}

DEVICE Outline OutlineOf(Words words) {
  Outline outline;
  outline.special = 0;
#if WIDTH == 64
  outline.most = StepsOf(words.x | (u64)words.y << 32);
  Sketch(&outline, words.x | (u64)words.y << 32);
  Sketch(&outline, words.z | (u64)words.w << 32);
#else
  const u32 mask = 0xffffffffu >> (32 - WIDTH);
  outline.most = StepsOf(words.x & mask);
  for (int at = 0; at < 32; at += WIDTH) {
    Sketch(&outline, (words.x >> at) & mask);
    Sketch(&outline, (words.y >> at) & mask);
    Sketch(&outline, (words.z >> at) & mask);
    Sketch(&outline, (words.w >> at) & mask);
  }
#endif
  return outline;
}

// Whether a buffer's chunk holds no special value, and none above the largest so far.
DEVICE int IsPlain(const Item* item, int side, Outline outline) {
  return !outline.special && item->top_index[side] != NONE && outline.most <= item->top[side];
}

DEVICE void TakeChunk(Item* item, LOCAL u32* counters, Words a, Words b, u32 chunk, u32 count) {
  const u32 index = chunk * PER_CHUNK, left = count - index;
  const int same = ((a.x ^ b.x) | (a.y ^ b.y) | (a.z ^ b.z) | (a.w ^ b.w)) == 0;
  const u64 weight = WeightOf(chunk), sum = Weighed(a, weight);
  item->checksum[0] += sum;
  item->checksum[1] += same ? sum : Weighed(b, weight);
  const Outline outline = OutlineOf(a), other = same ? outline : OutlineOf(b);
  const int plain = left >= PER_CHUNK && IsPlain(item, 0, outline) && IsPlain(item, 1, other);
  if (same && plain) return;
  // One by one: PoCL 3.1's compiler crashes where the elements are written out side by side.
#if WIDTH == 64
  for (u32 at = 0; at < 2 && at < left; ++at) {
    TakeElement(item, counters, a.x | (u64)a.y << 32, b.x | (u64)b.y << 32, index + at, plain);
    a.x = a.z, a.y = a.w;
    b.x = b.z, b.y = b.w;
  }
#else
  const u32 step = 32 / WIDTH;
  for (u32 at = 0; at < 4 * step && at < left; at += step) {
    TakeWord(item, counters, a.x, b.x, index + at, left - at, plain);
    a.x = a.y, a.y = a.z, a.z = a.w;
    b.x = b.y, b.y = b.z, b.z = b.w;
  }
#endif
}
