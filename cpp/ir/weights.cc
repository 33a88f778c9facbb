// Elements by their bytes; copies are made by TVM's own allocator, aligned as its kernels expect.
#include "weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "relax.h"

namespace mutatenn::ir {
namespace {

struct Names {
  Field value{"ir.GenericConst", "value"};
  Function allocate = RequireFunction("runtime.TVMTensorAllocWithScope");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

template <typename Element>
Element Read(const uint8_t* bytes, int64_t index) {
  Element element;
  std::memcpy(&element, bytes + index * sizeof element, sizeof element);
  return element;
}

template <typename Element>
void Write(uint8_t* bytes, int64_t index, Element element) {
  std::memcpy(bytes + index * sizeof element, &element, sizeof element);
}

template <typename Element>
Element Rounded(double value) {
  constexpr double least = std::numeric_limits<Element>::lowest();
  constexpr double most = std::numeric_limits<Element>::max();
  return static_cast<Element>(std::clamp(std::nearbyint(value), least, most));
}

bool IsSupported(const DLTensor& tensor) {
  const DLDataType type = tensor.dtype;
  const bool known = type.code == kDLFloat
                         ? type.bits == 32 || type.bits == 64
                         : (type.code == kDLInt || type.code == kDLUInt) && type.bits == 8;
  return known && type.lanes == 1 && tensor.device.device_type == kDLCPU;
}

}  // namespace

void RequireWeights() { Names::Get(); }

std::optional<Weights> WeightsOf(const Any& constant) {
  if (!IsConstant(constant)) return std::nullopt;
  auto tensor = Names::Get().value.Get(constant).cast<tvm::ffi::Tensor>();
  if (!IsSupported(*tensor.GetDLTensorPtr()) || !tensor.IsContiguous()) return std::nullopt;
  return Weights(constant, tensor);
}

Weights::Weights(const Any& constant, const tvm::ffi::Tensor& tensor)
    : constant_(constant), tensor_(tensor) {
  const DLTensor& raw = *tensor_.GetDLTensorPtr();
  dtype_ = raw.dtype;
  shape_.assign(raw.shape, raw.shape + raw.ndim);
  for (int64_t extent : shape_) size_ *= extent;
  original_ = static_cast<const uint8_t*>(raw.data) + raw.byte_offset;
}

double Weights::At(int64_t index) const {
  if (dtype_.code == kDLInt) return Read<int8_t>(Bytes(), index);
  if (dtype_.code == kDLUInt) return Read<uint8_t>(Bytes(), index);
  return dtype_.bits == 32 ? Read<float>(Bytes(), index) : Read<double>(Bytes(), index);
}

uint8_t* Weights::Writable() {
  if (changed_.empty()) changed_.assign(original_, original_ + size_ * dtype_.bits / 8);
  return changed_.data();
}

void Weights::Set(int64_t index, double value) {
  uint8_t* bytes = Writable();
  if (dtype_.code == kDLInt) {
    Write(bytes, index, Rounded<int8_t>(value));
  } else if (dtype_.code == kDLUInt) {
    Write(bytes, index, Rounded<uint8_t>(value));
  } else if (dtype_.bits == 32) {
    Write(bytes, index, static_cast<float>(value));
  } else {
    Write(bytes, index, value);
  }
}

void Weights::Copy(int64_t index, int64_t from) {
  const int64_t width = dtype_.bits / 8;
  std::memcpy(Writable() + index * width, original_ + from * width, width);
}

void Weights::FlipBit(int64_t index, int bit) {
  // Little-endian, as all machines that TVM's wheel is built for.
  Writable()[index * dtype_.bits / 8 + bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
}

bool Weights::SameBits(int64_t lhs, int64_t rhs) const {
  const int64_t width = dtype_.bits / 8;
  return std::memcmp(Bytes() + lhs * width, Bytes() + rhs * width, width) == 0;
}

bool Weights::IsFilledWith(double value) const {
  for (int64_t i = 0; i < size_; ++i) {
    if (At(i) != value) return false;
  }
  return true;
}

bool Weights::Changed() const {
  return !changed_.empty() && std::memcmp(changed_.data(), original_, changed_.size()) != 0;
}

Any Weights::Constant() const {
  const Names& names = Names::Get();
  auto copy = names.allocate(tvm::ffi::Shape(shape_), dtype_, DLDevice{kDLCPU, 0}, Any())
                  .cast<tvm::ffi::Tensor>();
  std::memcpy(copy.data_ptr(), Bytes(), size_ * dtype_.bits / 8);
  return names.value.With(constant_, copy);
}

}  // namespace mutatenn::ir
