// Walks over the executed children of expressions.
#include "variable.h"

#include <tvm/ffi/container/array.h>

#include "path.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t variable = TypeIndexOf("ir.Var");
  int32_t let = TypeIndexOf("prim.Let");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

}  // namespace

void RequireVariables() { Names::Get(); }

bool IsVariable(const Any& node) { return node.type_index() == Names::Get().variable; }

bool IsLet(const Any& node) { return node.type_index() == Names::Get().let; }

std::vector<Any> VariablesIn(const Any& node) {
  std::vector<Any> found;
  Walk(node, [&](const Cursor& at) {
    if (!IsVariable(at.node)) return;
    for (const Any& known : found) {
      if (known.same_as(at.node)) return;
    }
    found.push_back(at.node);
  });
  return found;
}

Any Exchanged(const Any& expr, const Any& one, const Any& other) {
  if (expr.same_as(one)) return other;
  if (expr.same_as(other)) return one;
  Any copy = expr;
  for (const Field& field : Schema::Get().TypeOf(expr).executed) {
    const Any value = field.Get(expr);
    if (IsNone(value)) continue;
    if (value.type_index() != tvm::ffi::TypeIndex::kTVMFFIArray) {
      const Any changed = Exchanged(value, one, other);
      if (!changed.same_as(value)) copy = field.With(copy, changed);
      continue;
    }
    auto items = value.cast<Array<Any>>();
    bool differs = false;
    for (size_t i = 0; i < items.size(); ++i) {
      const Any changed = Exchanged(items[i], one, other);
      if (changed.same_as(items[i])) continue;
      items.Set(i, changed);
      differs = true;
    }
    if (differs) copy = field.With(copy, items);
  }
  return copy;
}

}  // namespace mutatenn::ir
