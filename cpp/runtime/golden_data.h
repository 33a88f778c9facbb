// Golden contents of the buffers for one row at a time: cached, or kept privately.
#ifndef MUTATENN_RUNTIME_GOLDEN_DATA_H_
#define MUTATENN_RUNTIME_GOLDEN_DATA_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/fenced_block.h"
#include "runtime/mapped_file.h"
#include "runtime/plan.h"

namespace mutatenn::runtime {

class GoldenData {
 public:
  GoldenData(const Plan& plan, const MappedFile& inputs, const MappedFile& weights,
             const MappedFile& cache);

  // Turns to a row. With `filled`, the cache holds what an earlier golden run put there.
  void Select(int32_t row, bool filled);

  int32_t row() const { return row_; }
  bool cached() const { return row_ < plan_.rows_cached; }
  bool Knows(int32_t buffer) const;

  // Golden bytes of a buffer in the selected row, or null where they were neither cached nor
  // recomputed. Golden bytes of model outputs are there for every row once the cache is filled.
  const uint8_t* Find(int32_t buffer) const;

  // Where a golden run leaves an activation of the selected row.
  uint8_t* Store(int32_t buffer) const;
  void MarkKnown(int32_t buffer) { known_[buffer] = true; }

  // Where a golden run leaves a model output; `output` indexes Plan::outputs.
  uint8_t* Output(size_t output) const;

 private:
  const Plan& plan_;
  const MappedFile& inputs_;
  const MappedFile& weights_;
  const MappedFile& cache_;
  std::unique_ptr<FencedBlock> private_row_;  // activations of a row beyond the cache
  int32_t row_ = -1;
  bool filled_ = false;
  std::vector<bool> known_;         // activations of the selected row
  std::vector<int32_t> output_of_;  // per buffer: index into Plan::outputs, or -1
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_GOLDEN_DATA_H_
