// First-order mutants of a module, one a row, as columns.
#ifndef MUTATENN_ENGINE_MUTANT_TABLE_H_
#define MUTATENN_ENGINE_MUTANT_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "selection.h"

namespace mutatenn::engine {

struct MutantTable {
  // By kernel; the column `kernel` indexes them.
  std::vector<std::string> kernels, lowerings;
  std::vector<int32_t> kernel, site, site_in_kernel;
  std::vector<std::string> stage, op, path, replacement, id;
  std::vector<bool> semantics_preserving;
};

// A row for each choice.
MutantTable Tabulate(const ir::Any& mod, const Selection& selection);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_MUTANT_TABLE_H_
