// The indices of loads and stores, and the parts of ramps.
#include "index.h"

#include <tvm/ffi/container/array.h>

#include "expr.h"
#include "keys.h"
#include "literal.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t bind = TypeIndexOf("tirx.Bind");
  int32_t ramp = TypeIndexOf("prim.Ramp");
  Field base{"prim.Ramp", "base"};
  Field stride{"prim.Ramp", "stride"};

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

}  // namespace

void RequireIndices() { Names::Get(); }

bool IsBoundInteger(const Cursor& at) {
  return !IsNone(at.parent) && at.parent.type_index() == Names::Get().bind &&
         DomainOf(at.node) == Domain::kInteger;
}

bool IsInIndex(const Cursor& at) {
  for (size_t i = at.path.size(); i-- > 0;) {
    const Any& holder = (*at.above)[i];
    const bool last = i + 1 == at.path.size();
    const Any& node = last ? at.node : (*at.above)[i + 1];
    if (IsAccess(holder)) return at.path[i].field->name() == "indices";
    if (holder.type_index() == Names::Get().bind) return DomainOf(node) == Domain::kInteger;
  }
  return false;
}

bool IsRamp(const Any& node) { return node.type_index() == Names::Get().ramp; }

Any BaseOf(const Any& ramp) { return Names::Get().base.Get(ramp); }

Any StrideOf(const Any& ramp) { return Names::Get().stride.Get(ramp); }

Any WithBase(const Any& ramp, const Any& base) { return Names::Get().base.With(ramp, base); }

Any WithStride(const Any& ramp, const Any& stride) {
  return Names::Get().stride.With(ramp, stride);
}

bool FitsIn(const Any& like, int64_t value) {
  const DLDataType type = *DTypeOf(like);
  if (type.code == kDLUInt)
    return value >= 0 && (type.bits >= 63 || value < int64_t{1} << type.bits);
  if (type.bits >= 64) return true;
  const int64_t half = int64_t{1} << (type.bits - 1);
  return -half <= value && value < half;
}

bool CanShift(const Any& index, int64_t by) {
  if (IsRamp(index)) return CanShift(BaseOf(index), by);
  if (DomainOf(index) != Domain::kInteger) return false;
  const int64_t amount = by < 0 ? -by : by;
  const std::optional<int64_t> literal = IntegerIn(index);
  if (!literal) return FitsIn(index, amount);
  int64_t sum = 0;
  return !__builtin_add_overflow(*literal, by, &sum) && FitsIn(index, sum);
}

Any Shifted(const Any& index, int64_t by) {
  if (IsRamp(index)) return WithBase(index, Shifted(BaseOf(index), by));
  if (std::optional<int64_t> literal = IntegerIn(index)) return MakeInteger(*literal + by, index);
  const char* name = by < 0 ? keys::kSub : keys::kAdd;
  return MakeBinary(NameOf(name), index, MakeInteger(by < 0 ? -by : by, index));
}

}  // namespace mutatenn::ir
