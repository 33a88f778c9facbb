// The table of executed children, checked against TVM's reflection when it is built.
#include "schema.h"

#include <tvm/ffi/error.h>

#include <initializer_list>

namespace mutatenn::ir {
namespace {

struct Row {
  const char* key;
  std::initializer_list<const char*> executed;
};

const Row kRows[] = {
    // Expressions.
    {"prim.Add", {"a", "b"}},
    {"prim.Sub", {"a", "b"}},
    {"prim.Mul", {"a", "b"}},
    {"prim.Div", {"a", "b"}},
    {"prim.Mod", {"a", "b"}},
    {"prim.FloorDiv", {"a", "b"}},
    {"prim.FloorMod", {"a", "b"}},
    {"prim.Min", {"a", "b"}},
    {"prim.Max", {"a", "b"}},
    {"prim.LShift", {"a", "b"}},
    {"prim.RShift", {"a", "b"}},
    {"prim.BitwiseAnd", {"a", "b"}},
    {"prim.BitwiseOr", {"a", "b"}},
    {"prim.BitwiseXor", {"a", "b"}},
    {"prim.BitwiseNot", {"a"}},
    {"prim.LT", {"a", "b"}},
    {"prim.LE", {"a", "b"}},
    {"prim.GT", {"a", "b"}},
    {"prim.GE", {"a", "b"}},
    {"prim.EQ", {"a", "b"}},
    {"prim.NE", {"a", "b"}},
    {"prim.And", {"a", "b"}},
    {"prim.Or", {"a", "b"}},
    {"prim.Not", {"a"}},
    {"prim.Cast", {"value"}},
    {"prim.Select", {"condition", "true_value", "false_value"}},
    {"prim.Let", {"value", "body"}},
    {"prim.Ramp", {"base", "stride"}},
    {"prim.Broadcast", {"value"}},
    {"prim.Shuffle", {"vectors"}},
    {"ir.Call", {"args"}},
    {"ir.TensorLoad", {"indices"}},
    {"ir.Tuple", {"fields"}},
    {"ir.TupleGetItem", {"tuple_value"}},
    // Leaves. A TensorRegion describes an access, it does not make one.
    {"ir.Var", {}},
    {"ir.IntImm", {}},
    {"ir.FloatImm", {}},
    {"ir.StringImm", {}},
    {"ir.GenericConst", {}},
    {"ir.GlobalVar", {}},
    {"ir.Op", {}},
    {"ir.TensorRegion", {}},
    // Statements. A store's indices stand before its value, as in TVMScript.
    {"tirx.BufferStore", {"indices", "value"}},
    {"tirx.Evaluate", {"value"}},
    {"tirx.Bind", {"value"}},
    {"tirx.SeqStmt", {"seq"}},
    {"tirx.For", {"min", "extent", "step", "body"}},
    {"tirx.While", {"condition", "body"}},
    {"tirx.IfThenElse", {"condition", "then_case", "else_case"}},
    {"tirx.AssertStmt", {"condition"}},
    {"tirx.AttrStmt", {"body"}},
    {"tirx.Return", {"value"}},
    {"tirx.Break", {}},
    {"tirx.Continue", {}},
    {"tirx.AllocBuffer", {}},
    {"tirx.DeclBuffer", {}},
    {"s_tir.SBlockRealize", {"iter_values", "predicate", "block"}},
    {"s_tir.SBlock", {"init", "body"}},
    // Relax. A match_cast, like a binding, only names what its value is.
    {"relax.expr.Function", {"body"}},
    {"relax.expr.SeqExpr", {"blocks", "body"}},
    {"relax.expr.BindingBlock", {"bindings"}},
    {"relax.expr.DataflowBlock", {"bindings"}},
    {"relax.expr.VarBinding", {"value"}},
    {"relax.expr.MatchCast", {"value"}},
    {"relax.expr.If", {"cond", "true_branch", "false_branch"}},
    {"relax.expr.DataflowVar", {}},
    {"relax.expr.ShapeExpr", {}},
    {"relax.expr.ExternFunc", {}},
};

}  // namespace

Schema::Schema() {
  for (const Row& row : kRows) {
    NodeType type{row.key, TypeIndexOf(row.key), {}};
    for (const char* name : row.executed) type.executed.emplace_back(row.key, name);
    types_.emplace(type.index, std::move(type));
  }
}

const Schema& Schema::Get() {
  static const Schema schema;
  return schema;
}

const NodeType& Schema::TypeOf(const Any& node) const {
  auto it = types_.find(node.type_index());
  if (it == types_.end()) {
    TVM_FFI_THROW(TypeError) << "mutatenn does not know the IR node '" << node.GetTypeKey()
                             << "', so it cannot say which of its parts are executed";
  }
  return it->second;
}

const NodeType& Schema::TypeOf(std::string_view key) const {
  for (const auto& [index, type] : types_) {
    if (type.key == key) return type;
  }
  TVM_FFI_THROW(TypeError) << "'" << key << "' is not in mutatenn's table of TIR nodes";
}

bool IsPrimFunc(const Any& node) {
  static const int32_t index = TypeIndexOf("tirx.PrimFunc");
  return node.type_index() == index;
}

}  // namespace mutatenn::ir
