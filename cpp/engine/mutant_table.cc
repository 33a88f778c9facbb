// The names and ids of chosen mutants, row by row.
#include "mutant_table.h"

namespace mutatenn::engine {

MutantTable Tabulate(const ir::Any& mod, const Selection& selection) {
  MutantTable table;
  KernelIdentity identity(mod);
  std::vector<std::string> identities;
  for (const ir::Kernel& kernel : selection.found.kernels) {
    table.kernels.push_back(kernel.name);
    table.lowerings.push_back(ir::LoweringOf(kernel.func));
    identities.push_back(identity.Of(kernel));
  }
  for (const Choice& choice : selection.chosen) {
    const Site& site = selection.found.sites[choice.site];
    table.kernel.push_back(site.kernel);
    table.site.push_back(site.number);
    table.site_in_kernel.push_back(site.number_in_kernel);
    table.op.push_back(site.op->id);
    table.path.push_back(ir::ToString(site.path));
    table.replacement.push_back(ToString(choice.replacement.settings));
    table.semantics_preserving.push_back(choice.replacement.semantics_preserving);
    table.stage.push_back(StageAt(*site.op, selection.found.kernels[site.kernel].func));
    table.id.push_back(MutantId(*site.op, table.stage.back(), table.lowerings[site.kernel],
                                identities[site.kernel], {site.path, choice.replacement.settings}));
  }
  return table;
}

}  // namespace mutatenn::engine
