// TVM's operators for mathematical functions, looked up by name; TVM has one object for each.
#include "intrinsic.h"

#include <tvm/ffi/error.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "schema.h"

namespace mutatenn::ir {
namespace {

constexpr const char* kNames[] = {
    "tirx.exp",   "tirx.exp2",      "tirx.exp10", "tirx.log",      "prim.log2",     "tirx.log10",
    "tirx.log1p", "tirx.sqrt",      "tirx.rsqrt", "tirx.floor",    "prim.ceil",     "tirx.round",
    "tirx.trunc", "tirx.nearbyint", "tirx.tanh",  "tirx.sigmoid",  "tirx.erf",      "tirx.sin",
    "tirx.cos",   "tirx.tan",       "tirx.sinh",  "tirx.cosh",     "tirx.asin",     "tirx.acos",
    "tirx.atan",  "tirx.asinh",     "tirx.acosh", "tirx.atanh",    "tirx.fabs",     "tirx.pow",
    "tirx.atan2", "tirx.hypot",     "tirx.fmod",  "tirx.copysign", "tirx.nextafter"};

// An operator, and what it is called without its dialect.
struct Intrinsic {
  std::string_view name;
  Any op;
};

const std::vector<Intrinsic>& Intrinsics() {
  static const auto all = [] {
    std::vector<Intrinsic> found;
    for (std::string_view name : kNames) {
      Any op = Functions::Get().get_op(String(std::string(name)));
      found.push_back({name.substr(name.find('.') + 1), std::move(op)});
    }
    return found;
  }();
  return all;
}

const Object* Pointer(const Any& value) { return value.cast<ObjectRef>().get(); }

const std::unordered_map<const Object*, std::string_view>& ByOperator() {
  static const auto all = [] {
    std::unordered_map<const Object*, std::string_view> found;
    for (const Intrinsic& one : Intrinsics()) found.emplace(Pointer(one.op), one.name);
    return found;
  }();
  return all;
}

const Field& Arguments(const Any& call) { return Schema::Get().TypeOf(call).executed[0]; }

}  // namespace

void RequireIntrinsics() { ByOperator(); }

std::string_view IntrinsicOf(const Any& node) {
  static const int32_t call = TypeIndexOf("ir.Call");
  if (node.type_index() != call) return "";
  auto it = ByOperator().find(Pointer(Fields::Get().call_op.Get(node)));
  return it == ByOperator().end() ? std::string_view() : it->second;
}

Any WithIntrinsic(const Any& call, std::string_view name) {
  for (const Intrinsic& one : Intrinsics()) {
    if (one.name == name) return Fields::Get().call_op.With(call, one.op);
  }
  TVM_FFI_THROW(InternalError) << "'" << name << "' is missing in kNames";
}

size_t ArgumentCount(const Any& call) {
  return Arguments(call).Get(call).cast<Array<Any>>().size();
}

Any ArgumentOf(const Any& call, size_t index) {
  return Arguments(call).Get(call).cast<Array<Any>>()[static_cast<int64_t>(index)];
}

Any WithArgumentsSwapped(const Any& call) {
  return Arguments(call).With(call, Array<Any>{ArgumentOf(call, 1), ArgumentOf(call, 0)});
}

}  // namespace mutatenn::ir
