// What the operators on thread axes share: the axes' names, and exchanging two of them.
#ifndef MUTATENN_OPERATORS_THREAD_AXES_H_
#define MUTATENN_OPERATORS_THREAD_AXES_H_

#include <optional>
#include <string>
#include <vector>

#include "../engine/operator.h"
#include "../ir/barrier.h"
#include "../ir/path.h"

namespace mutatenn::operators {

// The names of all axes.
std::vector<std::string> ThreadTags();

// Whether an axis is one of blocks.
bool IsOfBlocks(std::string_view tag);

// `x` of `threadIdx.x`.
std::string_view DirectionOf(std::string_view tag);

// The parameter `extents`: whether the launch stays as it is, or extents go with their variables.
engine::Parameter Extents();

// The replacement that exchanges the axis bound at a cursor for `other`, bound inside; nothing
// where that is not possible or not asked for. It keeps the program's meaning where the launch
// stays as large and its threads cooperate no more closely than `harmless`.
std::optional<engine::Replacement> Exchange(const ir::Cursor& at, const std::string& other,
                                            const engine::Settings& settings,
                                            ir::Cooperation harmless);

// The statement at a cursor after that exchange.
ir::Any Exchanged(const ir::Cursor& at, const std::string& other, const engine::Settings& settings);

}  // namespace mutatenn::operators
#endif  // MUTATENN_OPERATORS_THREAD_AXES_H_
