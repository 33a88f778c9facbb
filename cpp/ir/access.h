// Reads and writes of buffers: what is written, where, and whether a value is read from there.
#ifndef MUTATENN_IR_ACCESS_H_
#define MUTATENN_IR_ACCESS_H_

#include <optional>

#include "path.h"

namespace mutatenn::ir {

// One read or write.
struct Access {
  Any buffer;
  Array<Any> indices;
  // What is written; None for a read.
  Any value;
};

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireAccesses();

// The write that a statement is; nothing for another node.
std::optional<Access> StoreAt(const Any& node);

// The read that an expression is; nothing for another node.
std::optional<Access> LoadAt(const Any& node);

// Whether two accesses mean one place: the same buffer by equal indices.
bool SamePlace(const Access& lhs, const Access& rhs);

// Whether two accesses of one buffer are known to differ in place: by a literal index.
bool Apart(const Access& lhs, const Access& rhs);

// Whether an expression reads the buffer anywhere.
bool Reads(const Any& expr, const Any& buffer);

// Whether an expression reads the place of an access.
bool ReadsPlace(const Any& expr, const Access& place);

// Whether a write updates its place from itself, as an accumulator is: `C[i] = C[i] + x`.
bool IsUpdate(const Access& store);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_ACCESS_H_
