// Buffers: where they are allocated, their shapes and scopes, and exchanging one for another.
#ifndef MUTATENN_IR_BUFFER_H_
#define MUTATENN_IR_BUFFER_H_

#include <optional>
#include <string>
#include <vector>

#include "path.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireBuffers();

// The buffers that a block allocates, or statements of a sequence do; none for another node.
Array<Any> AllocationsOf(const Any& node);

// Whether the buffer is compact: no strides, no offset, no layout of its own.
bool IsCompact(const Any& buffer);

// The extents of a buffer's axes, where all are constants.
std::optional<std::vector<int64_t>> ShapeOf(const Any& buffer);

// Bytes of an element, all its lanes.
int64_t ElementBytes(const Any& buffer);

// Where the buffer lies: `global`, `local`, `shared`, ….
std::string ScopeOf(const Any& buffer);

// A new buffer of the same name, with another extent on one axis or in another scope.
Any WithExtent(const Any& buffer, size_t axis, int64_t extent);
Any WithScope(const Any& buffer, const std::string& scope);

// The buffer whose memory a declaration names anew; None for another node.
Any ViewedAt(const Any& node);

// `root` with `replacement` wherever it uses `buffer`.
Any WithBuffer(const Any& root, const Any& buffer, const Any& replacement);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_BUFFER_H_
