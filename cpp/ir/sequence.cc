// The fields by which TVM's statements hold others.
#include "sequence.h"

#include <tvm/ffi/container/array.h>

#include "stmt.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t seq = TypeIndexOf("tirx.SeqStmt");
  int32_t bind = TypeIndexOf("tirx.Bind");
  Field items{"tirx.SeqStmt", "seq"};

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

}  // namespace

void RequireSequences() { Names::Get(); }

Array<Any> ItemsOf(const Any& node) {
  if (node.type_index() != Names::Get().seq) return {};
  return Names::Get().items.Get(node).cast<Array<Any>>();
}

Any WithItems(const Any& seq, const Array<Any>& items) {
  return Names::Get().items.With(seq, items);
}

std::vector<Any> StatementsIn(const Any& statement) {
  std::vector<Any> found;
  for (const Field& field : Schema::Get().TypeOf(statement).executed) {
    const Any value = field.Get(statement);
    if (value.type_index() == tvm::ffi::TypeIndex::kTVMFFIArray) {
      for (const Any& item : value.cast<Array<Any>>()) {
        if (IsStatement(item)) found.push_back(item);
      }
    } else if (!IsNone(value) && IsStatement(value)) {
      found.push_back(value);
    }
  }
  return found;
}

bool IsBinding(const Any& statement) { return statement.type_index() == Names::Get().bind; }

}  // namespace mutatenn::ir
