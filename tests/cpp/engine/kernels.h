// Modules with a known number of places, and operators that misbehave on purpose.
#ifndef MUTATENN_TESTS_ENGINE_KERNELS_H_
#define MUTATENN_TESTS_ENGINE_KERNELS_H_

#include <string>

#include "../../../cpp/engine/operator.h"
#include "../ir/builder.h"

namespace mutatenn::testing_engine {

using ir::Any;

// `if (A[1 + 2] < limit) A[0] = 1`: one comparison, one addition.
inline Any Guarded(const std::string& name, double limit) {
  using namespace testing_ir;  // NOLINT(build/namespaces)
  Any a = Buffer("A", 4);
  Any condition = Binary("LT", Load(a, Binary("Add", Int(1), Int(2))), Float(limit));
  return Func(name, {a}, If(condition, Store(a, Float(1), Int(0))));
}

// `if (A[0] < 1) { if (A[1] < 2) A[2] = 3 }`: a comparison inside a comparison's branch.
inline Any Nested(const std::string& name) {
  using namespace testing_ir;  // NOLINT(build/namespaces)
  Any a = Buffer("A", 4);
  Any inner = If(Binary("LT", Load(a, Int(1)), Float(2)), Store(a, Float(3), Int(2)));
  return Func(name, {a}, If(Binary("LT", Load(a, Int(0)), Float(1)), inner));
}

// An operator that makes `rewrite` of every addition.
inline engine::Operator Planted(const std::string& id,
                                std::function<Any(const ir::Cursor&)> rewrite) {
  engine::Operator op;
  op.id = id;
  op.version = 7;
  op.stages = {"tensor"};
  op.nodes = {"prim.Add"};
  op.replacements = [](const ir::Cursor&, const engine::Settings&) {
    return std::vector<engine::Replacement>{{{{"kind", "odd"}}}};
  };
  op.rewrite = [rewrite](const ir::Cursor& at, const engine::Settings&) { return rewrite(at); };
  return op;
}

}  // namespace mutatenn::testing_engine
#endif  // MUTATENN_TESTS_ENGINE_KERNELS_H_
