// The base of a Ramp.
#include "ramp.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  Field base{"prim.Ramp", "base"};
  int32_t ramp = TypeIndexOf("prim.Ramp");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

}  // namespace

void RequireRamps() { Names::Get(); }

Any FirstOf(const Any& index) {
  const Names& names = Names::Get();
  return index.type_index() == names.ramp ? names.base.Get(index) : index;
}

Any WithFirst(const Any& index, const Any& first) {
  const Names& names = Names::Get();
  return index.type_index() == names.ramp ? names.base.With(index, first) : first;
}

}  // namespace mutatenn::ir
