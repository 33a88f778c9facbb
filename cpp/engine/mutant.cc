// Copy-on-write application, the checks after it, and stable ids.
#include "mutant.h"

#include <tvm/ffi/error.h>
#include <tvm/ffi/extra/structural_equal.h>
#include <tvm/ffi/reflection/registry.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <utility>

#include "../ir/regions.h"
#include "../ir/relax.h"

namespace mutatenn::engine {
namespace {

std::string Hex(uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016" PRIx64, value);
  return text;
}

// FNV-1a; tvm-ffi's own hash of bytes has 31 bits, too few to tell 100,000 mutants apart.
uint64_t Fnv1a(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char byte : text) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

}  // namespace

std::string Guilty(const std::vector<Fault>& faults) {
  std::string text;
  const Operator* last = nullptr;
  for (const auto& [op, change] : faults) {
    if (op != last) {
      text += (text.empty() ? "" : " and ") + ("operator " + op->id) + " (version " +
              std::to_string(op->version) + ")";
    }
    last = op;
    text += " at " + ir::ToString(change.path) + " [" + ToString(change.replacement) + "]";
  }
  return text;
}

std::vector<Fault> Faults(const Operator& op, std::vector<Change> changes) {
  std::vector<Fault> faults;
  for (Change& change : changes) faults.push_back({&op, std::move(change)});
  return faults;
}

ir::Any Apply(const ir::Any& func, const Operator& op, std::vector<Change> changes) {
  return Apply(func, Faults(op, std::move(changes)));
}

ir::Any Apply(const ir::Any& func, const std::vector<Fault>& faults) {
  const auto visible = ir::VisibleBuffers(func);
  auto rebuilt = [&](const ir::Any& original, const ir::Any& copy) {
    if (!ir::IsBlock(original)) return copy;
    try {
      return ir::WithFreshRegions(original, copy, visible);
    } catch (const tvm::ffi::Error& error) {
      TVM_FFI_THROW(ValueError) << Guilty(faults) << " made a kernel that is refused by "
                                << "s_tir.analysis.GetSBlockAccessRegion: " << error.message();
    }
  };
  ir::Any body = ir::Fields::Get().func_body.Get(func);
  // Backwards, so that a change never moves a place that is still to be changed.
  for (auto fault = faults.rbegin(); fault != faults.rend(); ++fault) {
    const auto& [op, change] = *fault;
    auto rewrite = [&op = op, &change = change](const ir::Cursor& at) {
      return op->rewrite(at, change.replacement);
    };
    body = ir::ReplaceAt(body, change.path, rewrite, rebuilt);
  }
  ir::Any mutated = ir::Fields::Get().func_body.With(func, body);
  if (tvm::ffi::StructuralEqual::Equal(func, mutated)) {
    TVM_FFI_THROW(ValueError) << Guilty(faults) << " changed nothing";
  }
  std::string complaint = ir::VerifierComplaint(mutated);
  if (!complaint.empty()) {
    std::string original = ir::VerifierComplaint(func);
    if (!original.empty()) {
      TVM_FFI_THROW(ValueError) << "the kernel is refused before any mutation by " << original;
    }
    TVM_FFI_THROW(ValueError) << Guilty(faults) << " made a kernel that is refused by "
                              << complaint;
  }
  return mutated;
}

ir::Any Rewrite(const ir::Any& func, const Operator& op, const Change& change) {
  auto rewrite = [&](const ir::Cursor& at) { return op.rewrite(at, change.replacement); };
  auto keep = [](const ir::Any&, const ir::Any& copy) { return copy; };
  ir::Any body = ir::Fields::Get().func_body.Get(func);
  return ir::Fields::Get().func_body.With(func, ir::ReplaceAt(body, change.path, rewrite, keep));
}

KernelIdentity::KernelIdentity(const ir::Any& mod) : mod_(mod) {
  std::map<std::string, ir::Any> funcs;
  for (const ir::Kernel& kernel : ir::KernelsOf(mod)) funcs.emplace(kernel.name, kernel.func);
  std::map<uint64_t, int> seen;
  for (const std::string& name : ir::LaunchOrder(mod)) {
    uint64_t hash = ir::ContentHash(funcs.at(name));
    identity_[name] = Hex(hash) + "#" + std::to_string(seen[hash]++);
  }
}

std::string KernelIdentity::Of(const std::string& kernel) const { return identity_.at(kernel); }

std::string KernelIdentity::Of(const ir::Kernel& function) const {
  if (!ir::IsRelaxFunction(function.func)) return Of(function.name);
  return Hex(ir::GraphHash(mod_, function.func)) + "#0";
}

std::string MutantId(const Operator& op, const std::string& stage, const std::string& lowering,
                     const std::string& kernel_identity, const Change& change) {
  std::string text;
  for (const std::string& part :
       {op.id, std::to_string(op.version), stage, lowering, kernel_identity,
        ir::ToString(change.path), ToString(change.replacement)}) {
    text.append(part).push_back('\n');
  }
  return op.id + "-" + Hex(Fnv1a(text));
}

TVM_FFI_STATIC_INIT_BLOCK() {
  // For benchmarks and tests: one rewrite, as cheap as it is.
  auto rewrite = [](ir::Any func, ir::String op, ir::String path,
                    ir::Map<ir::String, ir::String> settings) {
    Change change{ir::ParsePath(ir::Fields::Get().func_body.Get(func), std::string(path)), {}};
    for (const auto& [name, value] : settings) change.replacement.emplace(name, value);
    return Rewrite(func, Catalogue::Get().At(std::string(op)), change);
  };
  tvm::ffi::reflection::GlobalDef().def("mutatenn.engine.Rewrite", rewrite);
}

}  // namespace mutatenn::engine
