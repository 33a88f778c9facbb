// The record in which a comparator tells what it found; devices write the same one.
#ifndef MUTATENN_VERIFY_RECORD_H_
#define MUTATENN_VERIFY_RECORD_H_

#include <cstdint>

namespace mutatenn::verify {

constexpr int kBins = 66;      // of distances: 0, 1, 2, 3-4, 5-8, ... up to 2^64
constexpr int kMost = 16;      // leaders of a buffer
constexpr int kClasses = 4;    // NaN, +infinity, -infinity, -0
constexpr int64_t kNone = -1;  // the index of what is not there

// Golden is 0 and the mutant is 1 where there are two.
struct Record {
  uint64_t differing;  // elements whose bits differ
  int64_t first_differing;
  uint64_t abs_error;  // bits of float64 or float32, or a number for integers
  int64_t abs_index;
  uint64_t rel_error;  // numerator of the largest fraction
  uint64_t rel_scale;  // and its denominator
  int64_t rel_index;
  int64_t top[2];  // the largest value's place among those of its type, 0 for zero
  int64_t top_index[2];
  uint64_t checksum[2];
  uint64_t ulp[kBins];
  uint64_t one_nan;  // pairs of which one is NaN and the other is not
  uint64_t classes[2][kClasses];
  int64_t leaders[2][kMost];
};
static_assert(sizeof(Record) == 120 * 8, "the record has no gaps");

}  // namespace mutatenn::verify
#endif  // MUTATENN_VERIFY_RECORD_H_
