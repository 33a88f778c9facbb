// The two passes: each work-group makes a record of its part, then one work-group merges these.

// The chunks of this work-group: a run of neighbours, so that processors do not share cache lines.
#define PART(total, begin, end)                                 \
  const u32 size = (u32)(((u64)(total) + GROUPS - 1) / GROUPS); \
  const u64 from = (u64)size * GROUP, until = from + size;      \
  const u32 begin = (u32)(from < (total) ? from : (total));     \
  const u32 end = (u32)(until < (total) ? until : (total))

#define CHUNKS(count) ((count) / PER_CHUNK + ((count) % PER_CHUNK != 0))

KERNEL compare_parts(GLOBAL const u8* a, u64 a_begin, GLOBAL const u8* b, u64 b_begin, u32 count,
                     GLOBAL Record* parts) {
  SHARED u32 counters[COUNTERS];
  SHARED Summary summaries[ITEMS];
  for (u32 at = ITEM; at < COUNTERS; at += ITEMS) counters[at] = 0;
  BARRIER();
  a += a_begin;
  b += b_begin;
  const u64 bytes = (u64)count * (WIDTH / 8);
  const int aligned = ((u64)a % 16 == 0) && ((u64)b % 16 == 0);
  PART(CHUNKS(count), begin, end);
  Item item;
  Begin(&item);
  for (u32 chunk = begin + ITEM; chunk < end; chunk += ITEMS) {
    TakeChunk(&item, counters, Load(a, chunk, bytes, aligned), Load(b, chunk, bytes, aligned),
              chunk, count);
  }
  if (item.run) COUNT_UP(counters + item.bin, item.run);
  SummaryOf(summaries + ITEM, &item);
  MergeGroup(summaries);
  if (ITEM == 0) Store(parts + GROUP, summaries);
  for (u32 at = ITEM; at < COUNTERS; at += ITEMS) parts[GROUP].counters[at] = counters[at];
}

// Run by one work-group.
KERNEL compare_whole(GLOBAL const Record* parts, u32 groups, u32 count, GLOBAL Record* record) {
  SHARED u64 counters[COUNTERS];
  SHARED Summary summaries[ITEMS], next[ITEMS];
  for (u32 at = ITEM; at < COUNTERS; at += ITEMS) {
    u64 sum = 0;
    for (u32 group = 0; group < groups; ++group) sum += parts[group].counters[at];
    counters[at] = sum;
  }
  Item nothing;
  Begin(&nothing);
  SummaryOf(summaries + ITEM, &nothing);
  for (u32 group = ITEM; group < groups; group += ITEMS) {
    Fetch(next + ITEM, parts + group);
    Merge(summaries + ITEM, next + ITEM);
  }
  MergeGroup(summaries);
  if (ITEM != 0) return;
  // Pairs that are no step apart were not counted.
  counters[0] = count;
  for (int bin = 1; bin <= ONE_NAN; ++bin) counters[0] -= counters[bin];
  for (int at = 0; at < COUNTERS; ++at) record->counters[at] = counters[at];
  Store(record, summaries);
  for (int side = 0; side < 2; ++side) {
    // With a NaN there is no order.
    if (counters[CLASSES + 4 * side]) record->top_index[side] = -1;
    if (record->top_index[side] < 0) record->top[side] = 0;
    for (int place = 0; place < 16; ++place) record->leaders[side][place] = -1;
  }
}
