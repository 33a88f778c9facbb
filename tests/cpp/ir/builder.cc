// Thin calls of TVM's constructors.
#include "builder.h"

#include <tvm/ffi/container/map.h>
#include <tvm/ffi/dtype.h>
#include <tvm/ffi/error.h>

#include "../../../cpp/ir/module.h"

namespace mutatenn::testing_ir {
namespace {

using ir::Map;
using ir::ObjectRef;
using ir::RequireFunction;
using ir::String;

const Any kNone;

Array<Any> List(const std::vector<Any>& items) { return Array<Any>(items.begin(), items.end()); }

DLDataType DType(const std::string& name) { return tvm::ffi::StringToDLDataType(name); }

Any TypeOf(const std::string& dtype) { return RequireFunction("ir.PrimType")(DType(dtype)); }

}  // namespace

Any Int(int64_t value) { return RequireFunction("ir.IntImm")(DType("int32"), value, kNone); }

Any Float(double value) { return RequireFunction("ir.FloatImm")(DType("float32"), value, kNone); }

Any Bool(bool value) { return RequireFunction("ir.IntImm")(DType("bool"), int64_t{value}, kNone); }

Any Var(const std::string& name) {
  return RequireFunction("ir.Var")(String(name), TypeOf("int32"), kNone);
}

Any Binary(const std::string& name, const Any& a, const Any& b) {
  return RequireFunction("prim." + name)(a, b, kNone);
}

Any Select(const Any& condition, const Any& yes, const Any& no) {
  return RequireFunction("prim.Select")(condition, yes, no, kNone);
}

Any Call(const std::string& op, const std::vector<Any>& args) {
  const Any type = ir::Fields::Get().expr_type.Get(args.back());
  const Any callee = RequireFunction("ir.GetOp")(String(op));
  return RequireFunction("ir.Call")(type, callee, List(args), kNone, List({}), kNone);
}

Any Buffer(const std::string& name, int64_t extent, const std::string& dtype) {
  Any type =
      RequireFunction("tirx.BufferType")(String(""), TypeOf(dtype), List({Int(extent)}), List({}),
                                         kNone, int64_t{-1}, int64_t{0}, kNone, List({}), kNone);
  return RequireFunction("tirx.BufferVar")(String(name), type, kNone);
}

Any Load(const Any& buffer, const Any& index) {
  return RequireFunction("tirx.BufferLoad")(buffer, List({index}), kNone);
}

Any Store(const Any& buffer, const Any& value, const Any& index) {
  return RequireFunction("tirx.BufferStore")(buffer, value, List({index}), kNone);
}

Any If(const Any& condition, const Any& then_case, const Any& else_case) {
  return RequireFunction("tirx.IfThenElse")(condition, then_case, else_case, kNone);
}

Any While(const Any& condition, const Any& body) {
  return RequireFunction("tirx.While")(condition, body, kNone);
}

Any For(const Any& var, int64_t extent, const Any& body) {
  const int64_t serial = 0;
  return RequireFunction("tirx.For")(var, Int(0), Int(extent), serial, body, kNone,
                                     Map<String, Any>(), kNone, kNone);
}

Any Seq(const std::vector<Any>& statements) {
  return RequireFunction("tirx.SeqStmt")(List(statements), kNone);
}

Any Range(const Any& begin, int64_t extent) {
  return RequireFunction("ir.Range_from_min_extent")(begin, Int(extent), kNone);
}

Any Region(const Any& buffer, const Any& begin, int64_t extent) {
  return RequireFunction("tirx.BufferRegion")(buffer, List({Range(begin, extent)}));
}

Any Block(const Any& axis, const Any& value, int64_t extent, const std::vector<Any>& reads,
          const std::vector<Any>& writes, const Any& predicate, const Any& body) {
  const int64_t data_parallel = 0;
  Any domain = Range(Int(0), extent);
  Any iter = RequireFunction("tirx.IterVar")(domain, axis, data_parallel, String(""), kNone);
  Any block =
      RequireFunction("s_tir.SBlock")(List({iter}), List(reads), List(writes), String("block"),
                                      body, kNone, List({}), List({}), Map<String, Any>(), kNone);
  return RequireFunction("s_tir.SBlockRealize")(List({value}), predicate, block, kNone);
}

Any Func(const std::string& name, const std::vector<Any>& params, const Any& body) {
  Any root = RequireFunction("s_tir.SBlock")(List({}), List({}), List({}), String("root"), body,
                                             kNone, List({}), List({}), Map<String, Any>(), kNone);
  Any realize = RequireFunction("s_tir.SBlockRealize")(List({}), Bool(true), root, kNone);
  Any nothing = RequireFunction("ir.TupleType")(List({}), kNone);
  Any attrs = RequireFunction("ffi.MakeObjectFromPackedArgs")(
      String("ir.DictAttrs"), String("__dict__"),
      Map<String, Any>{{String("global_symbol"), String(name)}});
  return RequireFunction("tirx.PrimFunc")(List(params), realize, nothing, attrs, kNone);
}

Any Module(const std::vector<std::pair<std::string, Any>>& functions) {
  Map<Any, Any> by_name;
  for (const auto& [name, func] : functions) {
    by_name.Set(RequireFunction("ir.GlobalVar")(String(name)), func);
  }
  return RequireFunction("ir.IRModule")(by_name, kNone, Map<String, Any>());
}

Any BodyOf(const Any& func) { return NodeAt(func, ".block.body"); }

std::vector<std::string> Visited(const Any& func) {
  std::vector<std::string> seen;
  ir::Walk(BodyOf(func), [&](const ir::Cursor& at) {
    seen.push_back(ir::ToString(at.path) + ": " + at.node.GetTypeKey());
  });
  return seen;
}

Any NodeAt(const Any& func, const std::string& path) {
  Any found;
  ir::Walk(ir::Fields::Get().func_body.Get(func), [&](const ir::Cursor& at) {
    if (ir::ToString(at.path) == path) found = at.node;
  });
  return found;
}

Any FunctionOf(const Any& mod, const std::string& name) {
  for (const ir::Kernel& kernel : ir::KernelsOf(mod)) {
    if (kernel.name == name) return kernel.func;
  }
  return kNone;
}

testing::AssertionResult Contains(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << text << "' does not contain '" << part << "'";
}

std::string ErrorOf(const std::function<void()>& run) {
  try {
    run();
  } catch (const tvm::ffi::Error& error) {
    return error.message();
  }
  return "";
}

}  // namespace mutatenn::testing_ir
