// Barriers are calls of a few of TVM's operators; what else cooperates has an effect of its own.
#include "barrier.h"

#include <algorithm>
#include <array>
#include <utility>

#include "path.h"

namespace mutatenn::ir {
namespace {

constexpr const char* kWarp = "warp";
constexpr const char* kVolatile = "tirx.volatile";

// What this file names in TVM, looked up once.
struct Names {
  int32_t call = TypeIndexOf("ir.Call");
  int32_t op = TypeIndexOf("ir.Op");
  int32_t evaluate = TypeIndexOf("tirx.Evaluate");
  int32_t alloc = TypeIndexOf("tirx.AllocBuffer");
  Field evaluated{"tirx.Evaluate", "value"};
  Field args{"ir.Call", "args"};
  Field text{"ir.StringImm", "value"};
  Field buffer{"tirx.AllocBuffer", "buffer"};
  Field annotations{"tirx.AllocBuffer", "annotations"};
  Field storage_scope{"tirx.BufferType", "storage_scope"};
  Function attribute = RequireFunction("ir.OpGetAttr");
  Any storage_sync = Functions::Get().get_op(String("tirx.tvm_storage_sync"));
  // Barriers of CUDA by the scope that they order.
  std::array<std::pair<Any, const char*>, 4> others = {{
      {Functions::Get().get_op(String("tirx.cuda.cta_sync")), "shared"},
      {Functions::Get().get_op(String("tirx.cuda.warp_sync")), kWarp},
      {Functions::Get().get_op(String("tirx.cuda.cluster_sync")), "cluster"},
      {Functions::Get().get_op(String("tirx.cuda.grid_sync")), "global"},
  }};

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

// The scope of the barrier that a call is; "" where it is none.
std::string ScopeOf(const Any& call) {
  const Names& names = Names::Get();
  if (call.type_index() != names.call) return "";
  const Any op = Fields::Get().call_op.Get(call);
  if (op.same_as(names.storage_sync)) {
    auto args = names.args.Get(call).cast<Array<Any>>();
    return std::string(names.text.Get(args[0]).cast<String>());
  }
  for (const auto& [other, scope] : names.others) {
    if (op.same_as(other)) return scope;
  }
  return "";
}

// Whether a call does nothing but give a value. TVM's scale: 0 and 1 are pure, more is an effect.
bool IsPure(const Any& call) {
  const Names& names = Names::Get();
  const Any op = Fields::Get().call_op.Get(call);
  if (op.type_index() != names.op) return false;
  const Any effect = names.attribute(op, String("TCallEffectKind"));
  return !IsNone(effect) && effect.cast<int64_t>() <= 1;
}

Cooperation OfScope(std::string_view scope) {
  if (scope == kWarp) return Cooperation::kLockstep;
  return scope.substr(0, 6) == "shared" ? Cooperation::kBlock : Cooperation::kThread;
}

Cooperation OfAllocation(const Any& alloc) {
  const Names& names = Names::Get();
  if (names.annotations.Get(alloc).cast<Map<String, Any>>().count(kVolatile) != 0) {
    return Cooperation::kLockstep;
  }
  const Any type = Fields::Get().expr_type.Get(names.buffer.Get(alloc));
  return OfScope(std::string(names.storage_scope.Get(type).cast<String>()));
}

Cooperation OfCall(const Any& call) {
  if (IsPure(call)) return Cooperation::kThread;
  const Cooperation scope = OfScope(ScopeOf(call));
  return scope == Cooperation::kBlock ? scope : Cooperation::kLockstep;
}

}  // namespace

void RequireBarriers() { Names::Get(); }

std::string BarrierScope(const Any& statement) {
  const Names& names = Names::Get();
  if (statement.type_index() != names.evaluate) return "";
  return ScopeOf(names.evaluated.Get(statement));
}

Cooperation CooperationIn(const Any& statement) {
  const Names& names = Names::Get();
  Cooperation found = Cooperation::kThread;
  Walk(statement, [&](const Cursor& at) {
    if (at.node.type_index() == names.call) found = std::max(found, OfCall(at.node));
    if (at.node.type_index() == names.alloc) found = std::max(found, OfAllocation(at.node));
  });
  return found;
}

}  // namespace mutatenn::ir
