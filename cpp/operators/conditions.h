// What the operators on conditions share: names of places, and the parameter `where`.
#ifndef MUTATENN_OPERATORS_CONDITIONS_H_
#define MUTATENN_OPERATORS_CONDITIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "../engine/operator.h"
#include "../ir/condition.h"

namespace mutatenn::operators {

// What users call the holder of the condition at a cursor; "" when it is no condition, or a
// literal: TVM writes an absent block predicate as True.
std::string_view ConditionPlace(const ir::Cursor& at);

// The parameter `where` over these places.
engine::Parameter Where(std::vector<std::string> places);

// Whether the settings admit a place.
bool Admits(const engine::Settings& settings, std::string_view place);

// Whether an expression is one comparison of integers: then the replacements of `swap-cmp` that
// differ from it for less, for equal and for greater alone tell all that its negation tells.
bool IsIntegerComparison(const ir::Any& condition);

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_CONDITIONS_H_
