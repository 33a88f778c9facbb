// One walk over both buffers for each element type.
#include "verify/comparison.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "verify/checksum.h"
#include "verify/element.h"
#include "verify/fraction.h"
#include "verify/leaders.h"

namespace mutatenn::verify {
namespace {

template <typename Element>
class Walk {
 public:
  using Bits = typename Element::Bits;
  using Computed = typename Element::Computed;

  Walk() : record_() {
    record_.first_differing = record_.abs_index = record_.rel_index = kNone;
    record_.top_index[0] = record_.top_index[1] = kNone;
  }

  void Take(Bits a, Bits b, int64_t index) {
    TakeValue(a, 0, index);
    TakeValue(b, 1, index);
    TakeDistance(a, b);
    if (a == b) return;
    if (record_.differing++ == 0) record_.first_differing = index;
    const Computed error = Element::Error(a, b);
    if (error == 0) return;
    if (error > abs_error_) {
      abs_error_ = error;
      record_.abs_index = index;
    }
    const Fraction<Computed> relative{error, Element::Scale(a, error)};
    const double nearly = static_cast<double>(error) / static_cast<double>(relative.scale);
    if (nearly < nearly_most_) return;
    if (record_.rel_index != kNone && !(relative > rel_error_)) return;
    rel_error_ = relative;
    record_.rel_index = index;
    // Far enough below for all rounding, and nothing where a quotient could be denormal.
    nearly_most_ = nearly > 1e-290 ? nearly * (1 - 1e-9) : 0;
  }

  Record Finished() {
    record_.abs_error = RecordBits(abs_error_);
    record_.rel_error = RecordBits(rel_error_.error);
    record_.rel_scale = RecordBits(rel_error_.scale);
    for (int side = 0; side < 2; ++side) {
      // With a NaN there is no order.
      if (record_.classes[side][0] == 0) continue;
      record_.top[side] = 0;
      record_.top_index[side] = kNone;
    }
    return record_;
  }

 private:
  void TakeValue(Bits bits, int side, int64_t index) {
    if constexpr (Element::kIsFloat) {
      constexpr Bits kNegativeInfinity = Element::kSign | Element::kInfinity;
      uint64_t* classes = record_.classes[side];
      classes[0] += Element::IsNan(bits);
      classes[1] += bits == Element::kInfinity;
      classes[2] += bits == kNegativeInfinity;
      classes[3] += bits == Element::kSign;
    }
    const int64_t steps = Element::Steps(bits);
    if (Element::IsNan(bits)) return;
    if (record_.top_index[side] != kNone && steps <= record_.top[side]) return;
    record_.top[side] = steps;
    record_.top_index[side] = index;
  }

  void TakeDistance(Bits a, Bits b) {
    if (Element::IsNan(a) != Element::IsNan(b)) {
      ++record_.one_nan;
      return;
    }
    const int64_t one = Element::Steps(a), other = Element::Steps(b);
    uint64_t apart = static_cast<uint64_t>(one) - static_cast<uint64_t>(other);
    if (one < other) apart = -apart;
    if (apart == 0 || Element::IsNan(a)) {
      ++record_.ulp[0];
    } else {
      ++record_.ulp[apart == 1 ? 1 : 65 - __builtin_clzll(apart - 1)];
    }
  }

  Record record_;
  Computed abs_error_ = 0;
  Fraction<Computed> rel_error_{0, 0};
  double nearly_most_ = 0;  // what is below it is no larger fraction
};

template <typename Element>
Record CompareAs(const void* a, const void* b, size_t count, int k) {
  const auto* golden = static_cast<const typename Element::Bits*>(a);
  const auto* mutant = static_cast<const typename Element::Bits*>(b);
  Walk<Element> walk;
  for (size_t index = 0; index < count; ++index) {
    walk.Take(golden[index], mutant[index], static_cast<int64_t>(index));
  }
  Record record = walk.Finished();
  const void* sides[] = {a, b};
  for (int side = 0; side < 2; ++side) {
    record.checksum[side] = Checksum(sides[side], count * sizeof(typename Element::Bits));
    const auto* data = static_cast<const typename Element::Bits*>(sides[side]);
    FindLeaders<Element>(data, count, record.classes[side][0] ? 0 : k, record.leaders[side]);
  }
  return record;
}

struct Type {
  std::string_view name;
  size_t bytes;
  Record (*compare)(const void*, const void*, size_t, int);
};

constexpr Type kTypes[] = {
    {"float64", 8, CompareAs<Float64>},
    {"float32", 4, CompareAs<Float32>},
    {"bfloat16", 2, CompareAs<BFloat16>},
    {"float16", 2, CompareAs<Float16>},
    {"int8", 1, CompareAs<IntegerElement<int8_t>>},
    {"int16", 2, CompareAs<IntegerElement<int16_t>>},
    {"int32", 4, CompareAs<IntegerElement<int32_t>>},
    {"int64", 8, CompareAs<IntegerElement<int64_t>>},
    {"uint8", 1, CompareAs<IntegerElement<uint8_t>>},
};

const Type& At(std::string_view name) {
  const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const Type& type) { return type.name == name; });
  if (found != std::end(kTypes)) return *found;
  throw std::invalid_argument("buffers of " + std::string(name) + " cannot be compared");
}

}  // namespace

size_t ElementBytes(std::string_view type) { return At(type).bytes; }

Record Compare(const void* a, const void* b, std::string_view type, size_t count, int k) {
  if (k < 0 || k > kMost) {
    throw std::invalid_argument("k is " + std::to_string(k) + "; it has to be from 0 to 16");
  }
  return At(type).compare(a, b, count, k);
}

}  // namespace mutatenn::verify
