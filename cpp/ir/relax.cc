// Relax nodes by reflection; calls by TVM's operator table, types by its block builder.
#include "relax.h"

#include <tvm/ffi/error.h>
#include <tvm/ffi/extra/structural_equal.h>

namespace mutatenn::ir {
namespace {

constexpr std::string_view kPrefix = "relax.";
// Operators that launch something else: they are no computation of their own.
constexpr std::string_view kLaunches[] = {"call_",   "invoke_",  "vm.",
                                          "memory.", "builtin.", "dist."};

// What this file names in TVM, looked up once.
struct Names {
  Function call = RequireFunction("ir.Call");
  Function tuple = RequireFunction("relax.Tuple");
  Function tuple_item = RequireFunction("relax.TupleGetItem");
  Function missing_type = RequireFunction("ir.TypeMissing");
  Function float_imm = RequireFunction("ir.FloatImm");
  Function permute = RequireFunction("relax.op.permute_dims");
  Function leaky_relu = RequireFunction("relax.op.nn.leakyrelu");
  Function clip = RequireFunction("relax.op.clip");
  Function builder = RequireFunction("relax.BlockBuilderCreate");
  Function normalize = RequireFunction("relax.BlockBuilderNormalize");
  Function begin_block = RequireFunction("relax.BlockBuilderBeginBindingBlock");
  Function end_block = RequireFunction("relax.BlockBuilderEndBlock");
  Function op_names = RequireFunction("ir.ListOpNames");
  Field op_name{"ir.Op", "name"};
  Field args{"ir.Call", "args"};
  Field attrs{"ir.Call", "attrs"};
  Field fields{"ir.Tuple", "fields"};
  Field item_tuple{"ir.TupleGetItem", "tuple_value"};
  Field item_index{"ir.TupleGetItem", "index"};
  Field tensor_shape{"relax.TensorType", "shape"};
  Field tensor_dtype{"relax.TensorType", "dtype"};
  Field shape_values{"relax.expr.ShapeExpr", "values"};
  Field int_value{"ir.IntImm", "value"};
  int32_t function = TypeIndexOf("relax.expr.Function");
  int32_t call_type = TypeIndexOf("ir.Call");
  int32_t op_type = TypeIndexOf("ir.Op");
  int32_t var_type = TypeIndexOf("ir.Var");
  int32_t dataflow_var_type = TypeIndexOf("relax.expr.DataflowVar");
  int32_t tuple_type = TypeIndexOf("ir.Tuple");
  int32_t item_type = TypeIndexOf("ir.TupleGetItem");
  int32_t constant_type = TypeIndexOf("ir.GenericConst");
  int32_t tensor_type = TypeIndexOf("relax.TensorType");
  int32_t prim_type = TypeIndexOf("ir.PrimType");
  int32_t shape_type = TypeIndexOf("relax.expr.ShapeExpr");
  int32_t int_type = TypeIndexOf("ir.IntImm");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

Any WithoutType(const Any& call) {
  return Fields::Get().expr_type.With(call, Names::Get().missing_type());
}

// The field of that name of an attribute object's class; none if the class has no such field.
std::optional<Field> AttrField(const Any& attrs, std::string_view name) {
  if (IsNone(attrs)) return std::nullopt;
  const TVMFFITypeInfo* type = TVMFFIGetTypeInfo(attrs.type_index());
  for (int32_t i = 0; i < type->num_fields; ++i) {
    const TVMFFIByteArray& known = type->fields[i].name;
    if (std::string_view(known.data, known.size) == name) {
      return Field(attrs.GetTypeKey(), name);
    }
  }
  return std::nullopt;
}

Any Spanned(const Any& call, const Any& like) {
  return Fields::Get().expr_span.With(call, Fields::Get().expr_span.Get(like));
}

}  // namespace

void RequireRelax() { Names::Get(); }

bool IsRelaxFunction(const Any& node) { return node.type_index() == Names::Get().function; }

bool IsCall(const Any& expr) { return expr.type_index() == Names::Get().call_type; }

bool IsVar(const Any& expr) {
  const Names& names = Names::Get();
  return expr.type_index() == names.var_type || expr.type_index() == names.dataflow_var_type;
}

bool IsTuple(const Any& expr) { return expr.type_index() == Names::Get().tuple_type; }

bool IsConstant(const Any& expr) { return expr.type_index() == Names::Get().constant_type; }

std::string OperatorOf(const Any& expr) {
  const Names& names = Names::Get();
  if (!IsCall(expr)) return "";
  const Any op = Fields::Get().call_op.Get(expr);
  if (op.type_index() != names.op_type) return "";
  auto name = names.op_name.Get(op).cast<std::string>();
  if (name.compare(0, kPrefix.size(), kPrefix) != 0) return "";
  name.erase(0, kPrefix.size());
  for (std::string_view launch : kLaunches) {
    if (name.compare(0, launch.size(), launch) == 0) return "";
  }
  return name;
}

bool IsOperatorName(std::string_view name) {
  const std::string full = std::string(kPrefix).append(name);
  for (const Any& known : Names::Get().op_names().cast<Array<Any>>()) {
    if (known.cast<std::string>() == full) return true;
  }
  return false;
}

std::optional<TensorFacts> TensorOf(const Any& expr_or_type) {
  const Names& names = Names::Get();
  Any type = expr_or_type;
  if (type.type_index() != names.tensor_type) {
    if (IsNone(type) || !(IsCall(type) || IsVar(type) || IsConstant(type))) return std::nullopt;
    type = Fields::Get().expr_type.Get(type);
  }
  if (type.type_index() != names.tensor_type) return std::nullopt;
  const Any shape = names.tensor_shape.Get(type), dtype = names.tensor_dtype.Get(type);
  if (shape.type_index() != names.shape_type || dtype.type_index() != names.prim_type) {
    return std::nullopt;
  }
  TensorFacts facts{{}, Fields::Get().prim_dtype.Get(dtype).cast<DLDataType>()};
  for (const Any& extent : names.shape_values.Get(shape).cast<Array<Any>>()) {
    if (extent.type_index() != names.int_type) return std::nullopt;
    facts.shape.push_back(names.int_value.Get(extent).cast<int64_t>());
  }
  return facts;
}

Any TypeOf(const Any& expr) { return Fields::Get().expr_type.Get(expr); }

bool SameType(const Any& lhs, const Any& rhs) { return tvm::ffi::StructuralEqual::Equal(lhs, rhs); }

Array<Any> ArgsOf(const Any& call) { return Names::Get().args.Get(call).cast<Array<Any>>(); }

Array<Any> FieldsOf(const Any& tuple) { return Names::Get().fields.Get(tuple).cast<Array<Any>>(); }

Any AttrsOf(const Any& call) { return Names::Get().attrs.Get(call); }

std::optional<TupleItem> TupleItemOf(const Any& expr) {
  const Names& names = Names::Get();
  if (expr.type_index() != names.item_type) return std::nullopt;
  return TupleItem{names.item_tuple.Get(expr), names.item_index.Get(expr).cast<int64_t>()};
}

Any AttrOf(const Any& call, std::string_view name) {
  const Any attrs = AttrsOf(call);
  std::optional<Field> field = AttrField(attrs, name);
  return field ? field->Get(attrs) : Any();
}

Any WithArgs(const Any& call, const Array<Any>& args) {
  return WithoutType(Names::Get().args.With(call, args));
}

Any WithArg(const Any& call, size_t index, const Any& arg) {
  Array<Any> args = ArgsOf(call);
  args.Set(index, arg);
  return WithArgs(call, args);
}

Any WithAttr(const Any& call, std::string_view name, const Any& value) {
  const Any attrs = AttrsOf(call);
  std::optional<Field> field = AttrField(attrs, name);
  if (!field) TVM_FFI_THROW(InternalError) << OperatorOf(call) << " has no attribute " << name;
  return WithoutType(Names::Get().attrs.With(call, field->With(attrs, value)));
}

std::vector<int64_t> IntegersIn(const Any& value) {
  if (value.type_index() == tvm::ffi::TypeIndex::kTVMFFIInt) return {value.cast<int64_t>()};
  if (value.type_index() != tvm::ffi::TypeIndex::kTVMFFIArray) return {};
  std::vector<int64_t> integers;
  for (const Any& item : value.cast<Array<Any>>()) {
    if (item.type_index() != tvm::ffi::TypeIndex::kTVMFFIInt) return {};
    integers.push_back(item.cast<int64_t>());
  }
  return integers;
}

Any WithOperator(const Any& call, std::string_view name) {
  Any op = Functions::Get().get_op(String(std::string(kPrefix).append(name)));
  return WithoutType(Fields::Get().call_op.With(call, op));
}

Any MakeCall(std::string_view name, const Array<Any>& args, const Any& like) {
  const Names& names = Names::Get();
  Any op = Functions::Get().get_op(String(std::string(kPrefix).append(name)));
  return names.call(names.missing_type(), op, args, Any(), Array<Any>(),
                    Fields::Get().expr_span.Get(like));
}

Any MakeTuple(const Array<Any>& fields) { return Names::Get().tuple(fields, Any()); }

Any MakeTupleItem(const Any& tuple, int64_t index) {
  return Names::Get().tuple_item(tuple, index, Any());
}

Any MakePermute(const Any& tensor, const std::vector<int64_t>& axes, const Any& like) {
  Array<int64_t> order(axes.begin(), axes.end());
  return Spanned(Names::Get().permute(tensor, order), like);
}

Any MakeClip(const Any& tensor, double least, double most, const Any& like) {
  const Names& names = Names::Get();
  auto number = [&names](double value) {
    return names.float_imm(DLDataType{kDLFloat, 32, 1}, value, Any());
  };
  return Spanned(names.clip(tensor, number(least), number(most)), like);
}

Any MakeLeakyRelu(const Any& tensor, double slope, const Any& like) {
  return Spanned(Names::Get().leaky_relu(tensor, slope), like);
}

Any InferredType(const Any& call) {
  const Names& names = Names::Get();
  Any builder = names.builder(Any()), type;
  // Nested calls are bound to variables, which takes a block to stand in.
  names.begin_block(builder);
  try {
    type = TypeOf(names.normalize(builder, WithoutType(call)));
  } catch (const tvm::ffi::Error&) {
    // The answer is that there is none.
  }
  names.end_block(builder);
  return type;
}

}  // namespace mutatenn::ir
