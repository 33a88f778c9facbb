// Finds golden bytes in the inputs, the weights, the cache or a private row.
#include "runtime/golden_data.h"

namespace mutatenn::runtime {
namespace {

constexpr size_t kPrivateRowGuard = 64 * 1024;

}  // namespace

GoldenData::GoldenData(const Plan& plan, const MappedFile& inputs, const MappedFile& weights,
                       const MappedFile& cache)
    : plan_(plan),
      inputs_(inputs),
      weights_(weights),
      cache_(cache),
      known_(plan.buffers.size(), false),
      output_of_(plan.buffers.size(), -1) {
  for (size_t i = 0; i < plan.outputs.size(); ++i) {
    output_of_[plan.outputs[i].buffer] = static_cast<int32_t>(i);
  }
  if (plan.rows_cached < plan.rows) {
    private_row_ = std::make_unique<FencedBlock>(plan.row_stride, kPrivateRowGuard);
  }
}

void GoldenData::Select(int32_t row, bool filled) {
  row_ = row;
  filled_ = filled;
  known_.assign(plan_.buffers.size(), filled && cached());
}

bool GoldenData::Knows(int32_t buffer) const {
  const Role role = plan_.buffers[buffer].role;
  if (role == Role::kFresh) return false;
  return role != Role::kActivation || known_[buffer];
}

const uint8_t* GoldenData::Find(int32_t buffer) const {
  const BufferInfo& info = plan_.buffers[buffer];
  const auto row = static_cast<size_t>(row_);
  if (info.role == Role::kInput) return inputs_.data() + info.offset + row * info.nbytes;
  if (info.role == Role::kWeight) return weights_.data() + info.offset;
  if (info.role == Role::kFresh) return nullptr;
  if (known_[buffer]) return Store(buffer);
  if (filled_ && output_of_[buffer] >= 0) return Output(static_cast<size_t>(output_of_[buffer]));
  return nullptr;
}

uint8_t* GoldenData::Store(int32_t buffer) const {
  const size_t offset = plan_.buffers[buffer].offset;
  if (!cached()) return private_row_->data() + offset;
  return cache_.data() + plan_.activations + static_cast<size_t>(row_) * plan_.row_stride + offset;
}

uint8_t* GoldenData::Output(size_t output) const {
  const OutputInfo& info = plan_.outputs[output];
  return cache_.data() + info.golden +
         static_cast<size_t>(row_) * plan_.buffers[info.buffer].nbytes;
}

}  // namespace mutatenn::runtime
