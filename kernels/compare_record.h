// What crosses the bus, and how two of them become one: the order does not matter.

typedef struct {
  u64 differing;
  i64 first;
  u64 abs_error;  // Bits of an error
  i64 abs_index;
  u64 rel_error;  // the fraction's numerator,
  u64 rel_scale;  // its denominator,
  i64 rel_index;  // and where it is
  i64 top[2];     // Steps of the largest value
  i64 top_index[2];
  u64 checksum[2];
  u64 counters[COUNTERS];
  i64 leaders[2][16];
} Record;

// A record without its counters.
typedef struct {
  Bits abs_error, rel_error, rel_scale;
  Steps top[2];
  u64 checksum[2];
  u32 differing, first, abs_index, rel_index, top_index[2];
} Summary;

DEVICE void SummaryOf(LOCAL Summary* made, const Item* item) {
  made->abs_error = item->abs_error;
  made->rel_error = item->rel_error;
  made->rel_scale = item->rel_scale;
  made->differing = item->differing;
  made->first = item->first;
  made->abs_index = item->abs_index;
  made->rel_index = item->rel_index;
  for (int side = 0; side < 2; ++side) {
    made->top[side] = item->top[side];
    made->top_index[side] = item->top_index[side];
    made->checksum[side] = item->checksum[side];
  }
}

DEVICE void Merge(LOCAL Summary* into, LOCAL const Summary* from) {
  into->differing += from->differing;
  if (from->first < into->first) into->first = from->first;
  if (from->abs_error > into->abs_error ||
      (from->abs_error == into->abs_error && from->abs_index < into->abs_index)) {
    into->abs_error = from->abs_error;
    into->abs_index = from->abs_index;
  }
  int order = (from->rel_error != 0) - (into->rel_error != 0);
  if (from->rel_error != 0 && into->rel_error != 0) {
    order = OrderOf(from->rel_error, from->rel_scale, into->rel_error, into->rel_scale);
  }
  if (order > 0 || (order == 0 && from->rel_index < into->rel_index)) {
    into->rel_error = from->rel_error;
    into->rel_scale = from->rel_scale;
    into->rel_index = from->rel_index;
  }
  for (int side = 0; side < 2; ++side) {
    into->checksum[side] += from->checksum[side];
    if (from->top_index[side] == NONE) continue;
    if (into->top_index[side] == NONE || from->top[side] > into->top[side] ||
        (from->top[side] == into->top[side] && from->top_index[side] < into->top_index[side])) {
      into->top[side] = from->top[side];
      into->top_index[side] = from->top_index[side];
    }
  }
}

// Merges a work-group's summaries into the first one. Every work-item has to come here.
DEVICE void MergeGroup(LOCAL Summary* summaries) {
  for (u32 step = ITEMS / 2; step > 0; step /= 2) {
    BARRIER();
    if (ITEM < step) Merge(summaries + ITEM, summaries + ITEM + step);
  }
  BARRIER();
}

#define INDEX(index) ((index) == NONE ? (i64) - 1 : (i64)(index))
#define UNINDEXED(index) ((index) < 0 ? NONE : (u32)(index))

DEVICE void Store(GLOBAL Record* record, LOCAL const Summary* summary) {
  record->differing = summary->differing;
  record->first = INDEX(summary->first);
  record->abs_error = summary->abs_error;
  record->abs_index = INDEX(summary->abs_index);
  record->rel_error = summary->rel_error;
  record->rel_scale = summary->rel_scale;
  record->rel_index = INDEX(summary->rel_index);
  for (int side = 0; side < 2; ++side) {
    record->top[side] = summary->top[side];
    record->top_index[side] = INDEX(summary->top_index[side]);
    record->checksum[side] = summary->checksum[side];
  }
}

DEVICE void Fetch(LOCAL Summary* summary, GLOBAL const Record* record) {
  summary->differing = (u32)record->differing;
  summary->first = UNINDEXED(record->first);
  summary->abs_error = (Bits)record->abs_error;
  summary->abs_index = UNINDEXED(record->abs_index);
  summary->rel_error = (Bits)record->rel_error;
  summary->rel_scale = (Bits)record->rel_scale;
  summary->rel_index = UNINDEXED(record->rel_index);
  for (int side = 0; side < 2; ++side) {
    summary->top[side] = (Steps)record->top[side];
    summary->top_index[side] = UNINDEXED(record->top_index[side]);
    summary->checksum[side] = record->checksum[side];
  }
}
