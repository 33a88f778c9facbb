// Whether a store that runs twice leaves what it leaves when it runs once.
#ifndef MUTATENN_IR_IDEMPOTENCE_H_
#define MUTATENN_IR_IDEMPOTENCE_H_

#include "path.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireIdempotence();

// Whether a store writes what stands at its place already.
bool IsSelfAssignment(const Any& store);

// Whether the store at a cursor is idempotent for certain: it reads nothing that it may write, or
// it keeps the least or the greatest of what stands at its place and something else.
//
// Parameters are taken not to overlap, as TVM takes them; declared views are followed to the
// memory that they show.
bool IsIdempotent(const Cursor& at);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_IDEMPOTENCE_H_
