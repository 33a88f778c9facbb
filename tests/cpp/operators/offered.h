// What an operator offers for a bare expression, without a function around it.
#ifndef MUTATENN_TESTS_OPERATORS_OFFERED_H_
#define MUTATENN_TESTS_OPERATORS_OFFERED_H_

#include <string>
#include <vector>

#include "../../../cpp/engine/operator.h"
#include "../ir/builder.h"

namespace mutatenn::testing_operators {

// The replacements of the root of an expression, as text, in order of preference.
inline std::vector<std::string> Offered(const std::string& id, const ir::Any& expr,
                                        const engine::Settings& settings = {}) {
  const ir::Path path;
  const ir::Any none;
  std::vector<std::string> offered;
  for (const engine::Replacement& replacement :
       engine::Catalogue::Get().At(id).replacements({expr, none, path}, settings)) {
    offered.push_back(engine::ToString(replacement.settings));
  }
  return offered;
}

// Those of them that no operator makes redundant.
inline std::vector<std::string> Enough(const std::string& id, const ir::Any& expr) {
  const ir::Path path;
  const ir::Any none;
  std::vector<std::string> offered;
  for (const engine::Replacement& replacement :
       engine::Catalogue::Get().At(id).replacements({expr, none, path}, {})) {
    if (replacement.redundant_by.empty()) offered.push_back(engine::ToString(replacement.settings));
  }
  return offered;
}

// Type key of what one replacement makes of an expression.
inline std::string Made(const std::string& id, const ir::Any& expr, const engine::Settings& to) {
  const ir::Path path;
  const ir::Any none;
  return engine::Catalogue::Get().At(id).rewrite({expr, none, path}, to).GetTypeKey();
}

// Paths below `root` where an operator offers something.
inline std::vector<std::string> Places(const std::string& id, const ir::Any& root,
                                       const engine::Settings& settings = {}) {
  std::vector<std::string> places;
  ir::Walk(root, [&](const ir::Cursor& at) {
    if (!engine::Catalogue::Get().At(id).replacements(at, settings).empty()) {
      places.push_back(ir::ToString(at.path));
    }
  });
  return places;
}

}  // namespace mutatenn::testing_operators
#endif  // MUTATENN_TESTS_OPERATORS_OFFERED_H_
