// A sequence is the only node with items that a statement can be one of.
#include "sequence_neighbours.h"

#include <tvm/ffi/container/array.h>

namespace mutatenn::ir {

std::vector<Any> NeighboursOf(const Cursor& at) {
  if (at.path.empty() || at.path.back().item < 0) return {};
  const auto items = at.path.back().field->Get(at.parent).cast<Array<Any>>();
  const auto number = static_cast<size_t>(at.path.back().item);
  std::vector<Any> found;
  if (number > 0) found.push_back(items[number - 1]);
  if (number + 1 < items.size()) found.push_back(items[number + 1]);
  return found;
}

}  // namespace mutatenn::ir
