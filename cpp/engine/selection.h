// From what a user asks for (a number, several, an id, "all") to places in a module.
#ifndef MUTATENN_ENGINE_SELECTION_H_
#define MUTATENN_ENGINE_SELECTION_H_

#include <cstddef>
#include <string>
#include <vector>

#include "mutant.h"

namespace mutatenn::engine {

// What a pass was asked to mutate.
struct Request {
  // Site numbers; empty: decided by `id` and `all`.
  std::vector<int64_t> numbers;
  // A mutant id; empty: none.
  std::string id;
  bool all = false;
  // A function's name: numbers then count within it. Empty: the whole module.
  std::string function;
  Settings settings;
};

// A place, by its index in Sites::sites, and what is to stand there.
struct Choice {
  size_t site;
  Replacement replacement;
};

// Everything that can take the place of a node, as far as it fits the settings of the search.
//
// With `redundant`, replacements that another mutant among them makes redundant are in it too; else
// only where the settings name them outright.
std::vector<Choice> AllChoices(const Sites& found, const std::vector<const Operator*>& operators,
                               const Settings& settings, bool redundant);

// The places of a module, and those of them that were asked for, in order of place.
struct Selection {
  Sites found;
  std::vector<Choice> chosen;
};

// Resolves a request.
//
// Throws ValueError in one sentence when a site is not there (with the number there are), when its
// replacement does not fit, or when nothing is selected.
Selection Select(const ir::Any& mod, const Operator& op, const Request& request);

// The module with the request carried out; the module given is left alone.
ir::Any Mutate(const ir::Any& mod, const Operator& op, const Request& request);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_SELECTION_H_
