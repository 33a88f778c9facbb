// Applying operators at places of a Relax graph.
#ifndef MUTATENN_ENGINE_GRAPH_MUTANT_H_
#define MUTATENN_ENGINE_GRAPH_MUTANT_H_

#include <vector>

#include "mutant.h"

namespace mutatenn::engine {

// The module in which one of its graphs has all faults; they are in order of place, and none is
// inside of another.
//
// Throws ValueError when nothing changes, or when TVM refuses the graph: where it cannot infer a
// type, or finds the module ill-formed; the message names the operators and gives TVM's words.
ir::Any ApplyToGraph(const ir::Any& mod, const ir::Kernel& graph, const std::vector<Fault>& faults);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_GRAPH_MUTANT_H_
