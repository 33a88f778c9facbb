// TVM's own detector of block access regions, applied where it explains the original.
#include "regions.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/map.h>
#include <tvm/ffi/error.h>
#include <tvm/ffi/extra/structural_equal.h>

#include "path.h"

namespace mutatenn::ir {
namespace {

Array<Any> Detect(const Any& block, const Map<ObjectRef, ObjectRef>& visible) {
  // A block does not declare accesses to what it allocates itself.
  Map<ObjectRef, ObjectRef> outside = visible;
  for (const ObjectRef& own : Fields::Get().block_allocs.Get(block).cast<Array<ObjectRef>>()) {
    outside.erase(own);
  }
  return Functions::Get().block_regions(block, outside).cast<Array<Any>>();
}

// TVM's detector folds constants, and throws on some: `uint8(0) - uint8(3)`.
bool IsDetectable(const Any& block, const Map<ObjectRef, ObjectRef>& visible) {
  try {
    Detect(block, visible);
    return true;
  } catch (const tvm::ffi::Error&) {
    return false;
  }
}

bool DeclaresNothing(const Any& block) {
  const Fields& fields = Fields::Get();
  return fields.block_reads.Get(block).cast<Array<Any>>().empty() &&
         fields.block_writes.Get(block).cast<Array<Any>>().empty();
}

bool Declares(const Any& block, const Array<Any>& regions) {
  const Fields& fields = Fields::Get();
  using tvm::ffi::StructuralEqual;
  // Buffers and loop variables are bound outside the block: compare them as they are.
  return StructuralEqual::Equal(fields.block_reads.Get(block), regions[0]) &&
         StructuralEqual::Equal(fields.block_writes.Get(block), regions[1]);
}

}  // namespace

bool IsBlock(const Any& node) {
  static const int32_t index = TypeIndexOf("s_tir.SBlock");
  return node.type_index() == index;
}

Map<ObjectRef, ObjectRef> VisibleBuffers(const Any& func) {
  Map<ObjectRef, ObjectRef> visible;
  for (const ObjectRef& param : Fields::Get().func_params.Get(func).cast<Array<ObjectRef>>()) {
    visible.Set(param, param);
  }
  Walk(Fields::Get().func_body.Get(func), [&](const Cursor& at) {
    if (!IsBlock(at.node)) return;
    for (const ObjectRef& buffer :
         Fields::Get().block_allocs.Get(at.node).cast<Array<ObjectRef>>()) {
      visible.Set(buffer, buffer);
    }
  });
  return visible;
}

Any WithFreshRegions(const Any& original, const Any& copy,
                     const Map<ObjectRef, ObjectRef>& visible) {
  // Root blocks declare nothing although they access everything: no need to detect that.
  if (DeclaresNothing(original)) return copy;
  // Detection is the dearest part of a mutation, and most mutants access what the original does.
  Array<Any> regions;
  try {
    regions = Detect(copy, visible);
  } catch (const tvm::ffi::Error&) {
    if (!IsDetectable(original, visible)) return copy;
    throw;
  }
  if (Declares(copy, regions) || !Declares(original, Detect(original, visible))) return copy;
  Any fresh = Fields::Get().block_reads.With(copy, regions[0]);
  return Fields::Get().block_writes.With(fresh, regions[1]);
}

}  // namespace mutatenn::ir
