/*!
 * \file cpp/engine/selection.h
 * \brief From what a user asks for (a number, several, an id, "all") to places in a module.
 */
#ifndef MUTATENN_ENGINE_SELECTION_H_
#define MUTATENN_ENGINE_SELECTION_H_

#include <string>
#include <utility>
#include <vector>

#include "mutant.h"

namespace mutatenn::engine {

/*! \brief What a pass was asked to mutate. */
struct Request {
  /*! \brief Site numbers; empty: decided by `id` and `all`. */
  std::vector<int64_t> numbers;
  /*! \brief A mutant id; empty: none. */
  std::string id;
  bool all = false;
  /*! \brief A function's name: numbers then count within it. Empty: the whole module. */
  std::string function;
  Settings settings;
};

/*! \brief The changes asked for, by kernel, in order of place.
 *
 * \throws ValueError in one sentence when a site is not there (with the number there are), when
 * its replacement does not fit, or when nothing is selected.
 */
std::vector<std::pair<ir::Kernel, std::vector<Change>>> Select(const ir::Any& mod,
                                                               const Operator& op,
                                                               const Request& request);

/*! \brief The module with the request carried out; the module given is left alone. */
ir::Any Mutate(const ir::Any& mod, const Operator& op, const Request& request);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_SELECTION_H_
