// The first k classes of a buffer: a sorted list per work-item, then k rounds of taking the best
// head; again over the lists of all work-groups.
#define MOST 16

typedef struct {
  i64 steps;
  u32 index;  // NONE: nothing is here, and it comes after everything
  u32 owner;  // the work-item whose head it is
} Leader;

DEVICE int Precedes(i64 steps, u32 index, i64 other_steps, u32 other_index) {
  if (index == NONE || other_index == NONE) return index != NONE;
  return steps > other_steps || (steps == other_steps && index < other_index);
}

typedef struct {
  i64 steps[MOST];
  u32 index[MOST];
} Leaders;

DEVICE void Insert(Leaders* list, u32 k, i64 steps, u32 index) {
  u32 at = k - 1;
  if (!Precedes(steps, index, list->steps[at], list->index[at])) return;
  for (; at > 0 && Precedes(steps, index, list->steps[at - 1], list->index[at - 1]); --at) {
    list->steps[at] = list->steps[at - 1];
    list->index[at] = list->index[at - 1];
  }
  list->steps[at] = steps;
  list->index[at] = index;
}

// The next leader of a work-group, at heads[0]. Every work-item has to come here.
DEVICE void BestHead(LOCAL Leader* heads, const Leaders* list, u32 taken, u32 k) {
  heads[ITEM].steps = taken < k ? list->steps[taken] : 0;
  heads[ITEM].index = taken < k ? list->index[taken] : NONE;
  heads[ITEM].owner = ITEM;
  for (u32 step = ITEMS / 2; step > 0; step /= 2) {
    BARRIER();
    if (ITEM < step && Precedes(heads[ITEM + step].steps, heads[ITEM + step].index,
                                heads[ITEM].steps, heads[ITEM].index)) {
      heads[ITEM] = heads[ITEM + step];
    }
  }
  BARRIER();
}

DEVICE void Clear(Leaders* list) {
  for (int at = 0; at < MOST; ++at) {
    list->steps[at] = 0;
    list->index[at] = NONE;
  }
}

DEVICE Bits ElementAt(GLOBAL const u8* data, u32 index) {
  Bits bits = 0;
  for (int byte = 0; byte < WIDTH / 8; ++byte) {
    bits |= (Bits)data[(u64)index * (WIDTH / 8) + byte] << (8 * byte);
  }
  return bits;
}

// Leaders of the work-group's part, k to a work-group.
KERNEL top_parts(GLOBAL const u8* data, u64 data_begin, u32 count, u32 k, GLOBAL Leader* parts) {
  SHARED Leader heads[ITEMS];
  PART(count, begin, end);
  Leaders list;
  Clear(&list);
  for (u32 index = begin + ITEM; index < end; index += ITEMS) {
    const Bits bits = ElementAt(data + data_begin, index);
#ifdef INFINITE
    if (IS_NAN(bits)) continue;
#endif
    Insert(&list, k, StepsOf(bits), index);
  }
  u32 taken = 0;
  for (u32 place = 0; place < k; ++place) {
    BestHead(heads, &list, taken, k);
    const int mine = heads[0].owner == ITEM;
    if (mine) {
      parts[GROUP * k + place] = heads[0];
      ++taken;
    }
    BARRIER();
  }
}

// Run by one work-group, after compare_whole.
KERNEL top_whole(GLOBAL const Leader* parts, u32 length, u32 k, u32 side, GLOBAL Record* record) {
  SHARED Leader heads[ITEMS];
  Leaders list;
  Clear(&list);
  for (u32 at = ITEM; at < length; at += ITEMS) Insert(&list, k, parts[at].steps, parts[at].index);
  const int nan = record->counters[CLASSES + 4 * side] != 0;
  u32 taken = 0;
  for (u32 place = 0; place < k; ++place) {
    BestHead(heads, &list, taken, k);
    const int mine = heads[0].owner == ITEM;
    if (mine) {
      record->leaders[side][place] = nan ? (i64)-1 : INDEX(heads[0].index);
      ++taken;
    }
    BARRIER();
  }
}
