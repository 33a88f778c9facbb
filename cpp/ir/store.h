// Loads and stores of buffers: their parts, and narrow stores into wide memory.
#ifndef MUTATENN_IR_STORE_H_
#define MUTATENN_IR_STORE_H_

#include <tvm/ffi/dtype.h>

#include <optional>

#include "path.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireStores();

bool IsStore(const Any& node);
bool IsLoad(const Any& node);
// Either of them.
bool IsAccess(const Any& node);

// The buffer of a store or a load.
Any BufferOf(const Any& access);
// The indices of an access, and the access with others.
Array<Any> IndicesOf(const Any& access);
Any WithIndices(const Any& access, const Array<Any>& indices);
Any ValueOf(const Any& store);

// Whether a cursor stands at the value that a store writes.
bool IsStoredValue(const Cursor& at);

// Whether a cursor stands at an index of a load or a store.
bool IsIndex(const Cursor& at);

// The extent of an axis of a buffer, where it is a number.
std::optional<int64_t> ExtentOf(const Any& buffer, int32_t axis);

// `value`, of a narrower type, stored at the indices of `store` into its memory taken for elements
// of that type.
Any MakeNarrowStore(const Any& store, DLDataType element, const Any& value);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_STORE_H_
