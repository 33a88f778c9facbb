// Places where operators apply, found for all operators in one walk over a module.
#ifndef MUTATENN_ENGINE_SITE_H_
#define MUTATENN_ENGINE_SITE_H_

#include <string>
#include <vector>

#include "../ir/module.h"
#include "operator.h"

namespace mutatenn::engine {

// One place, for one operator. Its number counts that operator's places over the whole module
// (functions by name, nodes in pre-order) and never depends on parameters.
struct Site {
  const Operator* op;
  // Index into Sites::kernels.
  int32_t kernel;
  int32_t number;
  // The number counted within its function alone.
  int32_t number_in_kernel;
  ir::Path path;
  // All that can take the node's place by default; never empty.
  std::vector<Replacement> choices;
  // What fits the settings asked for; may be empty.
  std::vector<Replacement> replacements;
};

// All places of a module.
struct Sites {
  // The kernels and, where an operator works on graphs, the graphs after them.
  std::vector<ir::Kernel> kernels;
  std::vector<Site> sites;
};

// The stage at which an operator works in a function: the function's own, or `weight` for the
// constants of a graph. Empty: it finds no place there.
std::string StageAt(const Operator& op, const ir::Any& func);

// Finds the places of `operators`, in one walk, grouped by function.
//
// `settings` narrows each place's replacements; not the places nor their numbers.
Sites FindSites(const ir::Any& mod, const std::vector<const Operator*>& operators,
                const Settings& settings);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_SITE_H_
