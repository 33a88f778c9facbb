// Small TIR, built by TVM's registered constructors.
#ifndef MUTATENN_TESTS_IR_BUILDER_H_
#define MUTATENN_TESTS_IR_BUILDER_H_

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "../../../cpp/ir/path.h"

namespace mutatenn::testing_ir {

using ir::Any;
using ir::Array;

// An integer literal, int32.
Any Int(int64_t value);
// A floating-point literal, float32.
Any Float(double value);
// A boolean literal.
Any Bool(bool value);
// An int32 variable.
Any Var(const std::string& name);
// The node `prim.<name>(a, b)`.
Any Binary(const std::string& name, const Any& a, const Any& b);
Any Select(const Any& condition, const Any& yes, const Any& no);
// A call of a TVM operator, such as `prim.if_then_else`, of the type of its last argument.
Any Call(const std::string& op, const std::vector<Any>& args);

// A buffer of one dimension.
Any Buffer(const std::string& name, int64_t extent, const std::string& dtype = "float32");
Any Load(const Any& buffer, const Any& index);
Any Store(const Any& buffer, const Any& value, const Any& index);
Any If(const Any& condition, const Any& then_case, const Any& else_case = Any());
Any While(const Any& condition, const Any& body);
Any For(const Any& var, int64_t extent, const Any& body);
Any Seq(const std::vector<Any>& statements);

// The range [begin, begin + extent): no executed node.
Any Range(const Any& begin, int64_t extent);
// One access region of one dimension, `buffer[begin : begin + extent]`.
Any Region(const Any& buffer, const Any& begin, int64_t extent);

// A block with one spatial axis `axis` in [0, extent) bound to `value`, and its regions.
Any Block(const Any& axis, const Any& value, int64_t extent, const std::vector<Any>& reads,
          const std::vector<Any>& writes, const Any& predicate, const Any& body);

// A PrimFunc named by its `global_symbol`; its body stands in a root block.
Any Func(const std::string& name, const std::vector<Any>& params, const Any& body);
// A module of PrimFuncs, by name.
Any Module(const std::vector<std::pair<std::string, Any>>& functions);

// What Func put its argument into: the body of the root block.
Any BodyOf(const Any& func);
// The nodes that a walk visits, as `path: type key`, below the root block.
std::vector<std::string> Visited(const Any& func);
// The node at a path as ir::ToString writes it.
Any NodeAt(const Any& func, const std::string& path);
// The function of that name.
Any FunctionOf(const Any& mod, const std::string& name);
// Whether a text contains another, saying both if not.
testing::AssertionResult Contains(const std::string& text, const std::string& part);
// The text of the tvm::ffi::Error that `run` throws; "" when it throws none.
std::string ErrorOf(const std::function<void()>& run);

}  // namespace mutatenn::testing_ir
#endif  // MUTATENN_TESTS_IR_BUILDER_H_
