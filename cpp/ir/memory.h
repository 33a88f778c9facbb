// Which memory the buffers of a function mean.
#ifndef MUTATENN_IR_MEMORY_H_
#define MUTATENN_IR_MEMORY_H_

#include <map>
#include <optional>
#include <vector>

#include "path.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireMemory();

// Whether a statement evaluates a literal, which does nothing.
bool IsNothing(const Any& statement);

// Whether a call computes a number from numbers and touches no memory, as far as its operator
// tells.
bool IsPure(const Any& call);

// The buffers of a function, and the memory behind those that are views of another.
class Memories {
 public:
  // `body` is the whole function's.
  explicit Memories(const Any& body);

  // The buffer that has the memory of its own behind `buffer`; nothing where that is not known.
  std::optional<Any> Behind(const Any& buffer) const;

  // Whether equal indices of two buffers of one memory mean the same place.
  bool AreAlike(const Any& lhs, const Any& rhs) const;

  // Whether a block has views of its own on parts of buffers.
  bool HasViews(const Any& block) const;

  // The buffers that a node allocates.
  std::vector<Any> AllocatedBy(const Any& node) const;

 private:
  // By view: what is behind it, or None.
  std::map<const Object*, Any> views_;
};

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_MEMORY_H_
