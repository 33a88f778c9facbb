// Enumeration: a pre-order walk that asks each operator about the nodes it names.
#include "site.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "../ir/graph.h"

namespace mutatenn::engine {
namespace {

// Operators by the type index of the nodes they can apply to.
class Candidates {
 public:
  explicit Candidates(const std::vector<const Operator*>& operators) {
    for (size_t i = 0; i < operators.size(); ++i) {
      for (std::string_view key : operators[i]->nodes) {
        by_type_[ir::TypeIndexOf(key)].push_back(i);
      }
      if (operators[i]->nodes.empty()) any_.push_back(i);
    }
  }

  template <typename Ask>
  void For(const ir::Any& node, Ask ask) const {
    auto it = by_type_.find(node.type_index());
    if (it != by_type_.end()) {
      for (size_t i : it->second) ask(i);
    }
    for (size_t i : any_) ask(i);
  }

 private:
  std::unordered_map<int32_t, std::vector<size_t>> by_type_;
  std::vector<size_t> any_;
};

}  // namespace

std::string StageAt(const Operator& op, const ir::Any& func) {
  if (!ir::IsRelaxFunction(func)) {
    const std::string stage = ir::StageOf(func);
    return op.WorksAt(stage) ? stage : "";
  }
  for (const char* stage : {"graph", "weight"}) {
    if (op.WorksAt(stage)) return stage;
  }
  return "";
}

Sites FindSites(const ir::Any& mod, const std::vector<const Operator*>& operators,
                const Settings& settings) {
  Sites found{ir::KernelsOf(mod), {}};
  auto on_graphs = [](const Operator* op) { return op->WorksAt("graph") || op->WorksAt("weight"); };
  if (std::any_of(operators.begin(), operators.end(), on_graphs)) {
    for (ir::Kernel& graph : ir::GraphsOf(mod)) found.kernels.push_back(std::move(graph));
  }
  Candidates candidates(operators);
  std::vector<int32_t> numbers(operators.size(), 0);
  for (size_t k = 0; k < found.kernels.size(); ++k) {
    std::vector<int32_t> numbers_in_kernel(operators.size(), 0);
    const ir::Any& func = found.kernels[k].func;
    std::vector<bool> works;
    for (const Operator* op : operators) works.push_back(!StageAt(*op, func).empty());
    if (std::find(works.begin(), works.end(), true) == works.end()) continue;
    std::optional<ir::Graph> graph;
    if (ir::IsRelaxFunction(func)) graph.emplace(func);
    ir::Walk(ir::PathRootOf(func), [&](const ir::Cursor& bare) {
      const ir::Cursor at{bare.node, bare.parent, bare.path, bare.above, graph ? &*graph : nullptr};
      candidates.For(at.node, [&](size_t i) {
        const Operator& op = *operators[i];
        if (!works[i]) return;
        std::vector<Replacement> all = op.replacements(at, {});
        if (all.empty()) return;
        std::vector<Replacement> fitting = settings.empty() ? all : op.replacements(at, settings);
        found.sites.push_back({&op, static_cast<int32_t>(k), numbers[i]++, numbers_in_kernel[i]++,
                               at.path, std::move(all), std::move(fitting)});
      });
    });
  }
  return found;
}

}  // namespace mutatenn::engine
