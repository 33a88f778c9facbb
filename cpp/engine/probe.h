// Plants a statement that runs whenever a place is about to be evaluated.
#ifndef MUTATENN_ENGINE_PROBE_H_
#define MUTATENN_ENGINE_PROBE_H_

#include <string>
#include <utility>
#include <vector>

#include "../ir/path.h"

namespace mutatenn::engine {

// The body of `func` with each statement planted before the place at its path.
//
// A statement runs in the scope of the statement that holds the place, and under the conditions of
// the conditional expressions between the two. Both sides of `and`, `or` and `select` count as
// evaluated: TVM's code evaluates them.
//
// Throws ValueError when a path leads nowhere.
ir::Any PlantProbes(const ir::Any& func,
                    const std::vector<std::pair<std::string, ir::Any>>& statements);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_PROBE_H_
