// Applying an operator at places of a Relax graph.
#ifndef MUTATENN_ENGINE_GRAPH_MUTANT_H_
#define MUTATENN_ENGINE_GRAPH_MUTANT_H_

#include <vector>

#include "mutant.h"

namespace mutatenn::engine {

// The module in which `op` is applied to one of its graphs, at each place.
//
// Throws ValueError when nothing changes, or when TVM refuses the graph: where it cannot infer a
// type, or finds the module ill-formed; the message names the operator and gives TVM's words.
ir::Any ApplyToGraph(const ir::Any& mod, const ir::Kernel& graph, const Operator& op,
                     const std::vector<Change>& changes);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_GRAPH_MUTANT_H_
