// The six comparisons, as operators speak of them.
#ifndef MUTATENN_OPERATORS_COMPARISONS_H_
#define MUTATENN_OPERATORS_COMPARISONS_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "../ir/keys.h"
#include "../ir/path.h"

namespace mutatenn::operators {

struct Comparison {
  const char* name;     // as users write it
  const char* node;     // TVM's node
  const char* partner;  // the off-by-one neighbour, the first choice
  const char* mirror;   // the same comparison with its operands exchanged
  // Replacements that differ from it for one of less, equal and greater each: whatever else differs
  // from it anywhere differs where one of these does.
  std::array<std::string_view, 3> enough;
};

constexpr std::array<Comparison, 6> kComparisons = {{
    {"lt", ir::keys::kLT, "le", "gt", {"le", "ne", "false"}},
    {"le", ir::keys::kLE, "lt", "ge", {"lt", "eq", "true"}},
    {"gt", ir::keys::kGT, "ge", "lt", {"ge", "ne", "false"}},
    {"ge", ir::keys::kGE, "gt", "le", {"gt", "eq", "true"}},
    {"eq", ir::keys::kEQ, "ne", "eq", {"le", "ge", "false"}},
    {"ne", ir::keys::kNE, "eq", "ne", {"lt", "gt", "true"}},
}};

// The comparison that a node is; null when it is none.
inline const Comparison* ComparisonAt(const ir::Any& node) {
  const auto key = ir::Schema::Get().TypeOf(node).key;
  for (const Comparison& comparison : kComparisons) {
    if (comparison.node == key) return &comparison;
  }
  return nullptr;
}

// Their names, as choices of a parameter.
inline std::vector<std::string> ComparisonNames() {
  std::vector<std::string> names;
  for (const Comparison& comparison : kComparisons) names.push_back(comparison.name);
  return names;
}

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_COMPARISONS_H_
