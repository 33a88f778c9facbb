// Statements by their type keys and registered constructors.
#include "stmt.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/dtype.h>
#include <tvm/ffi/extra/structural_mutate.h>

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  Function seq = RequireFunction("tirx.SeqStmt");
  Function if_then_else = RequireFunction("tirx.IfThenElse");
  Function bind = RequireFunction("tirx.Bind");
  Function evaluate = RequireFunction("tirx.Evaluate");
  Function int_imm = RequireFunction("ir.IntImm");
  Field seq_items{"tirx.SeqStmt", "seq"};
  Field let_var{"prim.Let", "var"};
  Field let_value{"prim.Let", "value"};
  int32_t let = TypeIndexOf("prim.Let");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

}  // namespace

void RequireStatements() { Names::Get(); }

bool IsStatement(const Any& node) {
  const std::string_view key = Schema::Get().TypeOf(node).key;
  return key.substr(0, 5) == "tirx." || key.substr(0, 6) == "s_tir.";
}

Any MakeNothing() {
  const Names& names = Names::Get();
  return names.evaluate(names.int_imm(DLDataType{kDLInt, 32, 1}, int64_t{0}, Any()), Any());
}

Any MakeSeq(std::initializer_list<Any> statements) {
  return Names::Get().seq(Array<Any>(statements.begin(), statements.end()), Any());
}

Any WithInserted(const Any& seq, int32_t item, const Any& statement) {
  auto items = Names::Get().seq_items.Get(seq).cast<Array<Any>>();
  items.insert(items.begin() + item, statement);
  return Names::Get().seq_items.With(seq, items);
}

Any MakeIf(const Any& condition, const Any& statement) {
  return Names::Get().if_then_else(condition, statement, Any(), Any());
}

bool IsLetBody(const Any& node, const Step& step) {
  return node.type_index() == Names::Get().let && step.field->name() == "body";
}

Any MakeBindBefore(const Any& let, const Any& statement) {
  const Names& names = Names::Get();
  const Any var = names.let_var.Get(let);
  // TVM wants each variable to be bound once, and the let stays.
  const Field& type = Fields::Get().expr_type;
  const Any fresh = type.With(var, type.Get(var));
  auto exchange = [&](tvm::ffi::AnyView node) -> tvm::ffi::Expected<Any> {
    return Any(node).same_as(var) ? fresh : Any(node);
  };
  Any bind = names.bind(fresh, names.let_value.Get(let), Any());
  return MakeSeq(
      {bind, tvm::ffi::StructuralMap<tvm::ffi::WalkOrder::kPreOrder>(statement, exchange)});
}

}  // namespace mutatenn::ir
