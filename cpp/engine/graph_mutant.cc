// Rewrites at paths of the graph as it was, then one emission of all bindings.
#include "graph_mutant.h"

#include <tvm/ffi/error.h>
#include <tvm/ffi/extra/structural_equal.h>

#include "../ir/graph.h"
#include "../ir/rebind.h"

namespace mutatenn::engine {

ir::Any ApplyToGraph(const ir::Any& mod, const ir::Kernel& graph,
                     const std::vector<Fault>& faults) {
  const ir::Graph facts(graph.func);
  auto keep = [](const ir::Any&, const ir::Any& copy) { return copy; };
  ir::Any mutated;
  try {
    ir::Any root = ir::PathRootOf(graph.func);
    for (auto fault = faults.rbegin(); fault != faults.rend(); ++fault) {
      const auto& [op, change] = *fault;
      auto rewrite = [&, &op = op, &change = change](const ir::Cursor& at) {
        return op->rewrite({at.node, at.parent, at.path, at.above, &facts}, change.replacement);
      };
      root = ir::ReplaceAt(root, change.path, rewrite, keep);
    }
    mutated = ir::Rebound(mod, graph.func, ir::WithPathRoot(graph.func, root));
  } catch (const tvm::ffi::Error& error) {
    TVM_FFI_THROW(ValueError) << Guilty(faults)
                              << " made a graph that is refused by TVM's type inference: "
                              << error.message();
  }
  if (tvm::ffi::StructuralEqual::Equal(graph.func, mutated)) {
    TVM_FFI_THROW(ValueError) << Guilty(faults) << " changed nothing";
  }
  const ir::Any result = ir::WithFunction(mod, graph.global_var, mutated);
  std::string complaint = ir::GraphComplaint(result);
  if (!complaint.empty()) {
    std::string original = ir::GraphComplaint(mod);
    if (!original.empty()) {
      TVM_FFI_THROW(ValueError) << "the graph is refused before any mutation by " << original;
    }
    TVM_FFI_THROW(ValueError) << Guilty(faults) << " made a graph that is refused by " << complaint;
  }
  return result;
}

}  // namespace mutatenn::engine
