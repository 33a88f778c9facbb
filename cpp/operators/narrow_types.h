// What the operators on types share: which of the narrow types an operator knows it offers.
#ifndef MUTATENN_OPERATORS_NARROW_TYPES_H_
#define MUTATENN_OPERATORS_NARROW_TYPES_H_

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "../engine/operator.h"

namespace mutatenn::operators {

// Whether an expression is a number of a type that values can be rounded in, and no literal.
bool IsRoundable(const ir::Any& value);

// Replacements by the parameter `type`: the one that is asked for; else the default ones; else, so
// that the place is a site at all, the first; of each only what fits.
template <typename Defaults>
std::vector<engine::Replacement> TypesThat(const engine::Settings& settings,
                                           const std::vector<std::string>& types,
                                           const Defaults& defaults,
                                           const std::function<bool(std::string_view)>& fit) {
  const bool asked = settings.count("type") > 0;
  std::vector<engine::Replacement> found;
  for (const std::string& type : engine::ValuesOf(settings, "type", types)) {
    const bool offered =
        asked || std::find(std::begin(defaults), std::end(defaults), type) != std::end(defaults);
    if (offered && fit(type)) found.push_back({{{"type", type}}});
  }
  if (!found.empty() || asked) return found;
  const auto first = std::find_if(types.begin(), types.end(), fit);
  if (first != types.end()) found.push_back({{{"type", *first}}});
  return found;
}

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_NARROW_TYPES_H_
