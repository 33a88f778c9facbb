// Filling a zone of bytes with a pattern, and finding what was written over it.

typedef struct {
  u64 count;
  i64 last, first;  // offsets in the buffer, -1 where nothing was written
} Damage;

#define WHOLE(data, at, end) (((u64)((data) + (at)) % 16 == 0) && (at) + 16 <= (end))

// Sixteen bytes at a time where they are aligned; work-items take zones of 16 in turn.
KERNEL fill_zone(GLOBAL u8* data, u64 begin, u64 end, u32 pattern) {
  const u32 word = pattern * 0x01010101u;
  Words words;
  words.x = words.y = words.z = words.w = word;
  const u64 floor = begin / 16 * 16, stride = (u64)16 * ITEMS * GROUPS;
  for (u64 at = floor + 16 * ((u64)GROUP * ITEMS + ITEM); at < end; at += stride) {
    if (at >= begin && WHOLE(data, at, end)) {
      *(GLOBAL Words*)(data + at) = words;
      continue;
    }
    for (u64 byte = at; byte < at + 16; ++byte) {
      if (byte >= begin && byte < end) data[byte] = (u8)pattern;
    }
  }
}

// Run by one work-group.
KERNEL check_zone(GLOBAL const u8* data, u64 begin, u64 end, u32 pattern, GLOBAL Damage* damage) {
  SHARED Damage found[ITEMS];
  const u32 word = pattern * 0x01010101u;
  Damage mine;
  mine.count = 0;
  mine.last = mine.first = -1;
  for (u64 at = begin / 16 * 16 + 16 * (u64)ITEM; at < end; at += (u64)16 * ITEMS) {
    if (at >= begin && WHOLE(data, at, end)) {
      const Words words = *(GLOBAL const Words*)(data + at);
      if (((words.x ^ word) | (words.y ^ word) | (words.z ^ word) | (words.w ^ word)) == 0)
        continue;
    }
    for (u64 byte = at; byte < at + 16; ++byte) {
      if (byte < begin || byte >= end || data[byte] == pattern) continue;
      if (mine.count++ == 0) mine.first = (i64)byte;
      mine.last = (i64)byte;
    }
  }
  found[ITEM] = mine;
  for (u32 step = ITEMS / 2; step > 0; step /= 2) {
    BARRIER();
    if (ITEM < step && found[ITEM + step].count) {
      const Damage other = found[ITEM + step];
      if (!found[ITEM].count || other.first < found[ITEM].first) found[ITEM].first = other.first;
      if (other.last > found[ITEM].last) found[ITEM].last = other.last;
      found[ITEM].count += other.count;
    }
  }
  BARRIER();
  if (ITEM == 0) *damage = found[0];
}
