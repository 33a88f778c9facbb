// Keeps the access regions that a block declares in step with its body.
#ifndef MUTATENN_IR_REGIONS_H_
#define MUTATENN_IR_REGIONS_H_

#include "reflect.h"

namespace mutatenn::ir {

// `copy` with its `reads` and `writes` detected anew, if `original` declared what TVM detects in
// it; otherwise (root blocks, opaque or hand-annotated ones) as it is.
//
// Throws what TVM's detector throws at the copy and not at the original.
//
// `visible` holds the buffers declared outside the block: parameters and allocations around it.
Any WithFreshRegions(const Any& original, const Any& copy,
                     const Map<ObjectRef, ObjectRef>& visible);

// The buffers that blocks of `func` can see: its parameters and all allocations.
Map<ObjectRef, ObjectRef> VisibleBuffers(const Any& func);

// Whether `node` is a block.
bool IsBlock(const Any& node);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_REGIONS_H_
