// What one work-item has seen of the elements it visits in rising order of their indices.

// Places of the counters: distances by bin, pairs with one NaN, then classes of each buffer.
#define BINS 66
#define ONE_NAN 66
#define CLASSES 67
#define COUNTERS 75

typedef struct {
  Bits abs_error, rel_error, rel_scale;
  Steps top[2];
  u64 checksum[2];
  u32 differing, first, abs_index, rel_index, top_index[2];
  float below;  // see BelowFraction
  int bin;      // the bin of the last element that differed, and
  u32 run;      // how many in a row had it: counted together, since counters are shared
} Item;

DEVICE void Begin(Item* item) {
  item->abs_error = item->rel_error = item->rel_scale = 0;
  item->top[0] = item->top[1] = 0;
  item->checksum[0] = item->checksum[1] = 0;
  item->differing = item->run = 0;
  item->first = item->abs_index = item->rel_index = NONE;
  item->top_index[0] = item->top_index[1] = NONE;
  item->below = 0.0f;
  item->bin = 0;
}

DEVICE void TakeBin(Item* item, LOCAL u32* counters, int bin) {
#if ITEMS == 1
  ++counters[bin];
#else
  if (bin != item->bin) {
    if (item->run) COUNT_UP(counters + item->bin, item->run);
    item->bin = bin;
    item->run = 0;
  }
  ++item->run;
#endif
}

DEVICE void TakeTop(Item* item, int side, Steps steps, u32 index) {
  if (steps > item->top[side] || item->top_index[side] == NONE) {
    item->top[side] = steps;
    item->top_index[side] = index;
  }
}

// Whether it is NaN and therefore ranks nowhere.
DEVICE int IsNan(Bits bits) {
#ifdef INFINITE
  return IS_NAN(bits);
#else
  return 0;
#endif
}

DEVICE void TakeClass(LOCAL u32* counters, int side, Bits bits) {
#ifdef INFINITE
  if (IS_SPECIAL(bits)) COUNT_UP(counters + CLASSES + 4 * side + ClassOf(bits), 1u);
#endif
}

DEVICE void TakeSame(Item* item, LOCAL u32* counters, Bits bits, u32 index) {
#ifdef INFINITE
  if (IS_SPECIAL(bits)) {
    LOCAL u32* counter = counters + CLASSES + ClassOf(bits);
    COUNT_UP(counter, 1u);
    COUNT_UP(counter + 4, 1u);
    if (IS_NAN(bits)) return;
  }
#endif
  const Steps steps = StepsOf(bits);
  TakeTop(item, 0, steps, index);
  TakeTop(item, 1, steps, index);
}

DEVICE void TakeError(Item* item, Bits error, Bits a, u32 index) {
  if (error == 0) return;
  if (error > item->abs_error) {
    item->abs_error = error;
    item->abs_index = index;
  }
  const Bits scale = ScaleOf(a, error);
  if (item->rel_error != 0 && SurelyLess(error, scale, item->below)) return;
  if (item->rel_error == 0 || OrderOf(error, scale, item->rel_error, item->rel_scale) > 0) {
    item->rel_error = error;
    item->rel_scale = scale;
    item->rel_index = index;
    item->below = BelowFraction(error, scale);
  }
}

DEVICE void TakeDifferent(Item* item, LOCAL u32* counters, Bits a, Bits b, u32 index) {
  TakeClass(counters, 0, a);
  TakeClass(counters, 1, b);
  const int nan = IsNan(a), other_nan = IsNan(b);
  const Steps steps = StepsOf(a), other_steps = StepsOf(b);
  if (!nan) TakeTop(item, 0, steps, index);
  if (!other_nan) TakeTop(item, 1, other_steps, index);
  if (nan != other_nan) {
    TakeBin(item, counters, ONE_NAN);
  } else if (!nan && steps != other_steps) {
    TakeBin(item, counters, BinOf(Apart(steps, other_steps)));
  }
  TakeError(item, ErrorOf(a, b), a, index);
}

// An element of a plain chunk: nothing in it is special, or larger than what was seen.
DEVICE void TakePlain(Item* item, LOCAL u32* counters, Bits a, Bits b, u32 index) {
  TakeBin(item, counters, BinOf(Apart(StepsOf(a), StepsOf(b))));
  TakeError(item, DIFFERENCE(a, b), a, index);
}

DEVICE void TakeElement(Item* item, LOCAL u32* counters, Bits a, Bits b, u32 index, int plain) {
  if (a == b) {
    if (!plain) TakeSame(item, counters, a, index);
    return;
  }
  if (item->differing++ == 0) item->first = index;
  if (plain) {
    TakePlain(item, counters, a, b, index);
  } else {
    TakeDifferent(item, counters, a, b, index);
  }
}
