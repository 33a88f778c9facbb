/*!
 * \file cpp/ir/regions.h
 * \brief Keeps the access regions that a block declares in step with its body.
 */
#ifndef MUTATENN_IR_REGIONS_H_
#define MUTATENN_IR_REGIONS_H_

#include "reflect.h"

namespace mutatenn::ir {

/*! \brief \p copy with its `reads` and `writes` detected anew, if \p original declared what TVM
 * detects in it; otherwise (root blocks, opaque or hand-annotated ones) as it is.
 *
 * \param visible Buffers declared outside the block: parameters and allocations around it.
 */
Any WithFreshRegions(const Any& original, const Any& copy,
                     const Map<ObjectRef, ObjectRef>& visible);

/*! \brief The buffers that blocks of \p func can see: its parameters and all allocations. */
Map<ObjectRef, ObjectRef> VisibleBuffers(const Any& func);

/*! \brief Whether \p node is a block. */
bool IsBlock(const Any& node);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_REGIONS_H_
