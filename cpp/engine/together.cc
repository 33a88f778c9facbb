// Groups parts by function, orders them by place, and applies each group at once.
#include "together.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/map.h>
#include <tvm/ffi/error.h>
#include <tvm/ffi/reflection/registry.h>

#include <algorithm>
#include <map>

#include "graph_mutant.h"

namespace mutatenn::engine {
namespace {

using ir::Array;
using ir::Map;
using ir::String;

// Whether the first path's node holds the second's, or is it.
bool Holds(const ir::Path& outer, const ir::Path& inner) {
  if (outer.size() > inner.size()) return false;
  return std::equal(outer.begin(), outer.end(), inner.begin(),
                    [](const ir::Step& lhs, const ir::Step& rhs) {
                      return lhs.field == rhs.field && lhs.item == rhs.item;
                    });
}

// In order of place.
std::vector<Fault> FaultsOf(const ir::Any& func, const std::vector<const Part*>& parts) {
  std::vector<Fault> faults;
  const ir::Any root = ir::PathRootOf(func);
  for (const Part* part : parts) {
    faults.push_back({part->op, {ir::ParsePath(root, part->path), part->replacement}});
  }
  std::sort(faults.begin(), faults.end(), [](const Fault& lhs, const Fault& rhs) {
    return ir::Precedes(lhs.change.path, rhs.change.path);
  });
  for (size_t i = 1; i < faults.size(); ++i) {
    // In pre-order what lies inside of a node follows it.
    if (Holds(faults[i - 1].change.path, faults[i].change.path)) {
      TVM_FFI_THROW(ValueError) << Guilty(faults) << " cannot be planted together: one place lies "
                                << "inside of another";
    }
  }
  return faults;
}

ir::Any Plant(const ir::Any& mod, Array<String> functions, Array<String> operators,
              Array<String> paths, Array<Map<String, String>> settings) {
  std::vector<Part> parts;
  for (size_t i = 0; i < functions.size(); ++i) {
    const Operator& op = Catalogue::Get().At(std::string(operators[i]));
    Settings given;
    for (const auto& [name, value] : settings[i]) given.emplace(name, value);
    parts.push_back({functions[i], &op, paths[i], op.Checked(given)});
  }
  return PlantTogether(mod, parts);
}

}  // namespace

ir::Any PlantTogether(const ir::Any& mod, const std::vector<Part>& parts) {
  std::map<std::string, std::vector<const Part*>> by_function;
  for (const Part& part : parts) by_function[part.function].push_back(&part);
  ir::Any result = mod;
  const auto plant = [&](const std::vector<ir::Kernel>& functions, bool graphs) {
    for (const ir::Kernel& function : functions) {
      auto own = by_function.find(function.name);
      if (own == by_function.end()) continue;
      const std::vector<Fault> faults = FaultsOf(function.func, own->second);
      result = graphs ? ApplyToGraph(result, function, faults)
                      : ir::WithFunction(result, function.global_var, Apply(function.func, faults));
      by_function.erase(own);
    }
  };
  plant(ir::KernelsOf(mod), false);
  if (!by_function.empty()) plant(ir::GraphsOf(mod), true);
  if (!by_function.empty()) {
    TVM_FFI_THROW(ValueError) << "the module has no function '" << by_function.begin()->first
                              << "'";
  }
  return result;
}

TVM_FFI_STATIC_INIT_BLOCK() {
  tvm::ffi::reflection::GlobalDef().def("mutatenn.engine.PlantTogether", Plant);
}

}  // namespace mutatenn::engine
