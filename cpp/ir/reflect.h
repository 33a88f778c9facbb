// Named access to the fields, type keys and functions of TVM that mutatenn relies on.
//
// Nothing outside cpp/ir/ names a TVM field, type key or registered function. Everything named in
// cpp/ir/ is looked up once, when the library loads, so that a renamed one is told by its name
// instead of failing in the middle of a mutation.
#ifndef MUTATENN_IR_REFLECT_H_
#define MUTATENN_IR_REFLECT_H_

#include <tvm/ffi/any.h>
#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/map.h>
#include <tvm/ffi/function.h>
#include <tvm/ffi/reflection/accessor.h>

#include <string>
#include <string_view>

namespace mutatenn::ir {

using tvm::ffi::Any;
using tvm::ffi::Array;
using tvm::ffi::Function;
using tvm::ffi::Map;
using tvm::ffi::Object;
using tvm::ffi::ObjectRef;
using tvm::ffi::String;

// Whether a value is absent.
inline bool IsNone(const Any& value) { return value == nullptr; }

// Type index of a TVM class. Throws RuntimeError naming `key` if TVM has none.
int32_t TypeIndexOf(std::string_view key);

// One reflected field of one TVM class.
class Field {
 public:
  // Throws RuntimeError naming both if the class or its field is not there.
  Field(std::string_view type_key, std::string_view name);

  // The field's value in `node`.
  Any Get(const Any& node) const;
  // A shallow copy of `node` in which this field is `value`.
  Any With(const Any& node, const Any& value) const;
  std::string_view name() const { return {info_->name.data, info_->name.size}; }

 private:
  const TVMFFIFieldInfo* info_;
};

// A registered TVM function. Throws RuntimeError naming it if it is not there.
Function RequireFunction(std::string_view name);

// The fields that the engine reads besides the executed children of schema.h.
struct Fields {
  Field module_functions{"ir.IRModule", "functions"};
  Field global_name{"ir.GlobalVar", "name_hint"};
  Field func_params{"tirx.PrimFunc", "params"};
  Field func_body{"tirx.PrimFunc", "body"};
  Field func_attrs{"ir.BaseFunc", "attrs"};
  Field attrs_dict{"ir.DictAttrs", "__dict__"};
  Field target_kind{"target.Target", "kind"};
  Field target_kind_name{"target.TargetKind", "name"};
  Field block_reads{"s_tir.SBlock", "reads"};
  Field block_writes{"s_tir.SBlock", "writes"};
  Field block_allocs{"s_tir.SBlock", "alloc_buffers"};
  Field call_op{"ir.Call", "op"};
  Field expr_type{"ir.Expr", "ty"};
  Field expr_span{"ir.Expr", "span"};
  Field prim_dtype{"ir.PrimType", "dtype"};

  static const Fields& Get();
};

// The registered functions that the engine calls besides node constructors.
struct Functions {
  Function module_clone = RequireFunction("ir.Module_Clone");
  Function module_update = RequireFunction("ir.Module_UpdateFunction");
  Function func_without_attr = RequireFunction("ir.BaseFuncWithoutAttr");
  Function block_regions = RequireFunction("s_tir.analysis.GetSBlockReadWriteRegion");
  Function verify_tensor_stage = RequireFunction("s_tir.analysis.VerifyWellFormed");
  Function verify_kernel_stage = RequireFunction("tirx.analysis.VerifyWellFormed");
  Function verify_ssa = RequireFunction("tirx.analysis.verify_ssa");
  Function verify_memory = RequireFunction("tirx.analysis.verify_memory");
  Function get_op = RequireFunction("ir.GetOp");
  Function make_module_pass = RequireFunction("transform.MakeModulePass");
  Function make_pass_info = RequireFunction("transform.PassInfo");

  static const Functions& Get();
};

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_REFLECT_H_
