// Mutants of higher order: several operators applied to one module, each at a place of its own.
#ifndef MUTATENN_ENGINE_TOGETHER_H_
#define MUTATENN_ENGINE_TOGETHER_H_

#include <string>
#include <vector>

#include "mutant.h"

namespace mutatenn::engine {

// One of several changes of a module: which operator, where, and what is to stand there.
struct Part {
  std::string function;
  const Operator* op;
  // As text, see ir::ParsePath.
  std::string path;
  Settings replacement;
};

// The module with all parts in it, each made at its place in the module as it was given.
//
// Throws ValueError when two parts are at one place or one is inside the other, when a function is
// not there, and as `Apply` and `ApplyToGraph` do.
ir::Any PlantTogether(const ir::Any& mod, const std::vector<Part>& parts);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_TOGETHER_H_
