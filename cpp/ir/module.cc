// IRModules through reflection and TVM's registered functions.
#include "module.h"

#include <tvm/ffi/container/map.h>
#include <tvm/ffi/extra/structural_equal.h>
#include <tvm/ffi/extra/structural_hash.h>
#include <tvm/ffi/extra/structural_visit.h>

#include <algorithm>
#include <map>
#include <set>

#include "path.h"
#include "relax.h"

namespace mutatenn::ir {
namespace {

std::string NameOf(const Any& global_var) {
  return Fields::Get().global_name.Get(global_var).cast<std::string>();
}

// The function without the attributes that say where it stands, not what it computes.
Any WithoutPlace(const Any& func) {
  const Function& drop = Functions::Get().func_without_attr;
  // TVM sets the last one where a function is alone in its module.
  Any bare = func;
  for (const char* name : {"global_symbol", "target", "tirx.is_entry_func"}) {
    // The function takes its argument by move; it copies only because we keep a reference.
    Any kept = bare;
    bare = drop(kept, String(name));
  }
  return bare;
}

Map<ObjectRef, ObjectRef> FunctionsOf(const Any& mod) {
  return Fields::Get().module_functions.Get(mod).cast<Map<ObjectRef, ObjectRef>>();
}

}  // namespace

bool IsModule(const Any& value) {
  static const int32_t index = TypeIndexOf("ir.IRModule");
  return value.type_index() == index;
}

std::vector<Kernel> KernelsOf(const Any& mod) {
  std::vector<Kernel> kernels;
  for (const auto& [global_var, func] : FunctionsOf(mod)) {
    if (IsPrimFunc(func)) kernels.push_back({NameOf(global_var), global_var, func});
  }
  std::sort(kernels.begin(), kernels.end(),
            [](const Kernel& lhs, const Kernel& rhs) { return lhs.name < rhs.name; });
  return kernels;
}

std::vector<Kernel> GraphsOf(const Any& mod) {
  std::vector<Kernel> graphs;
  const Fields& fields = Fields::Get();
  for (const auto& [global_var, func] : FunctionsOf(mod)) {
    if (!IsRelaxFunction(func)) continue;
    const Any attrs = fields.func_attrs.Get(func);
    const bool fused = !IsNone(attrs) &&
                       fields.attrs_dict.Get(attrs).cast<Map<String, Any>>().count("Primitive") > 0;
    if (!fused) graphs.push_back({NameOf(global_var), global_var, func});
  }
  std::sort(graphs.begin(), graphs.end(),
            [](const Kernel& lhs, const Kernel& rhs) { return lhs.name < rhs.name; });
  return graphs;
}

std::vector<std::string> LaunchOrder(const Any& mod) {
  static const int32_t global_var_type = TypeIndexOf("ir.GlobalVar");
  std::vector<std::pair<std::string, Any>> callers;
  std::set<std::string> unseen;
  for (const auto& [global_var, func] : FunctionsOf(mod)) {
    if (IsPrimFunc(func)) {
      unseen.insert(NameOf(global_var));
    } else {
      callers.emplace_back(NameOf(global_var), func);
    }
  }
  std::sort(callers.begin(), callers.end(), [](const auto& lhs, const auto& rhs) {
    return std::make_pair(lhs.first != "main", lhs.first) <
           std::make_pair(rhs.first != "main", rhs.first);
  });
  std::vector<std::string> order;
  for (const auto& [name, func] : callers) {
    auto visit = [&](tvm::ffi::AnyView node) -> tvm::ffi::Expected<tvm::ffi::WalkResult> {
      if (node.type_index() == global_var_type) {
        std::string callee = NameOf(Any(node));
        if (unseen.erase(callee) > 0) order.push_back(callee);
      }
      return tvm::ffi::WalkResult::Advance();
    };
    tvm::ffi::StructuralWalk<tvm::ffi::WalkOrder::kPreOrder>(func, visit);
  }
  order.insert(order.end(), unseen.begin(), unseen.end());
  return order;
}

Any WithFunction(const Any& mod, const Any& global_var, const Any& func) {
  Any copy = Functions::Get().module_clone(mod);
  Functions::Get().module_update(copy, global_var, func);
  return copy;
}

uint64_t ContentHash(const Any& func) { return tvm::ffi::StructuralHash::Hash(WithoutPlace(func)); }

Any PathRootOf(const Any& func) {
  return IsRelaxFunction(func) ? func : Fields::Get().func_body.Get(func);
}

Any WithPathRoot(const Any& func, const Any& root) {
  return IsRelaxFunction(func) ? root : Fields::Get().func_body.With(func, root);
}

uint64_t GraphHash(const Any& mod, const Any& func) {
  static const int32_t global_var_type = TypeIndexOf("ir.GlobalVar");
  // TVM hashes a global variable by where it lies in memory; mapped, it counts as the n-th one.
  const bool map_free_vars = true;
  uint64_t hash = tvm::ffi::StructuralHash::Hash(WithoutPlace(func), map_free_vars);
  std::map<std::string, Any> kernels;
  for (const Kernel& kernel : KernelsOf(mod)) kernels.emplace(kernel.name, kernel.func);
  std::set<std::string> seen;
  Walk(func, [&](const Cursor& at) {
    if (at.node.type_index() != global_var_type || !seen.insert(NameOf(at.node)).second) return;
    auto callee = kernels.find(NameOf(at.node));
    const uint64_t content = callee == kernels.end() ? 0 : ContentHash(callee->second);
    hash = (hash ^ content) * 0x100000001b3;
  });
  return hash;
}

bool SameContent(const Any& lhs, const Any& rhs) {
  return tvm::ffi::StructuralEqual::Equal(WithoutPlace(lhs), WithoutPlace(rhs));
}

std::string StageOf(const Any& func) {
  static const int32_t realize = TypeIndexOf("s_tir.SBlockRealize");
  return Fields::Get().func_body.Get(func).type_index() == realize ? "tensor" : "kernel";
}

std::string LoweringOf(const Any& func) {
  if (IsRelaxFunction(func) || StageOf(func) == "tensor") return "";
  const Fields& fields = Fields::Get();
  auto attrs = fields.attrs_dict.Get(fields.func_attrs.Get(func)).cast<Map<String, Any>>();
  auto target = attrs.find("target");
  if (target == attrs.end()) return "";
  Any kind = fields.target_kind.Get((*target).second);
  auto name = fields.target_kind_name.Get(kind).cast<std::string>();
  return name == "llvm" || name == "c" ? "cpu" : "gpu";
}

std::string VerifierComplaint(const Any& func) {
  const Functions& functions = Functions::Get();
  const bool tensor = StageOf(func) == "tensor";
  const std::string name = std::string(tensor ? "s_tir" : "tirx") + ".analysis.";
  try {
    const bool assert_mode = true;
    (tensor ? functions.verify_tensor_stage : functions.verify_kernel_stage)(func, assert_mode);
  } catch (const tvm::ffi::Error& error) {
    return name + "verify_well_formed: " + error.message();
  }
  if (tensor) return "";
  if (!functions.verify_ssa(func).cast<bool>()) return name + "verify_ssa";
  if (!functions.verify_memory(func).cast<bool>()) return name + "verify_memory";
  return "";
}

}  // namespace mutatenn::ir
