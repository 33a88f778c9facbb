// Constant tensors: reading their elements and making changed copies.
#ifndef MUTATENN_IR_WEIGHTS_H_
#define MUTATENN_IR_WEIGHTS_H_

#include <tvm/ffi/container/tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "reflect.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is not there.
void RequireWeights();

// The elements of a constant on the CPU, in row-major order; a change goes to a copy.
class Weights {
 public:
  int64_t size() const { return size_; }
  const std::vector<int64_t>& shape() const { return shape_; }
  bool IsFloat() const { return dtype_.code == kDLFloat; }
  int bits() const { return dtype_.bits; }

  double At(int64_t index) const;
  // Rounds to the element type.
  void Set(int64_t index, double value);
  // Element `from` of the tensor as it was, bit by bit.
  void Copy(int64_t index, int64_t from);
  void FlipBit(int64_t index, int bit);
  // Whether two elements have the same bits.
  bool SameBits(int64_t lhs, int64_t rhs) const;
  bool IsFilledWith(double value) const;
  // Whether a change changed a bit.
  bool Changed() const;

  // The constant with the changed elements, of the same type and layer.
  Any Constant() const;

 private:
  friend std::optional<Weights> WeightsOf(const Any& constant);
  Weights(const Any& constant, const tvm::ffi::Tensor& tensor);
  const uint8_t* Bytes() const { return changed_.empty() ? original_ : changed_.data(); }
  uint8_t* Writable();

  Any constant_;
  tvm::ffi::Tensor tensor_;
  DLDataType dtype_;
  std::vector<int64_t> shape_;
  int64_t size_ = 1;
  const uint8_t* original_;
  std::vector<uint8_t> changed_;
};

// The elements of a constant of float32, float64, int8 or uint8; none for any other expression.
std::optional<Weights> WeightsOf(const Any& constant);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_WEIGHTS_H_
