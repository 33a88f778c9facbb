// Atomic additions are calls of an operator of TVM, or of a function of the device's language.
#include "atomic.h"

#include <tvm/ffi/container/array.h>

#include <algorithm>
#include <array>
#include <optional>

#include "expr.h"
#include "keys.h"
#include "literal.h"
#include "stmt.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t call = TypeIndexOf("ir.Call");
  int32_t load = TypeIndexOf("ir.TensorLoad");
  int32_t evaluate = TypeIndexOf("tirx.Evaluate");
  int32_t bind = TypeIndexOf("tirx.Bind");
  int32_t store = TypeIndexOf("tirx.BufferStore");
  Field evaluated{"tirx.Evaluate", "value"};
  Field bind_var{"tirx.Bind", "var"};
  Field bind_value{"tirx.Bind", "value"};
  Field stored{"tirx.BufferStore", "value"};
  Field args{"ir.Call", "args"};
  Field text{"ir.StringImm", "value"};
  Field source{"ir.TensorLoad", "source"};
  Field indices{"ir.TensorLoad", "indices"};
  Function make_store = RequireFunction("tirx.BufferStore");
  Function make_bind = RequireFunction("tirx.Bind");
  Function make_var = RequireFunction("ir.Var");
  Any address_of = Op("tirx.address_of");
  std::array<Any, 2> adds = {Op("tirx.atomic_add"), Op("tirx.cuda.atomic_add")};
  std::array<Any, 2> externs = {Op("tirx.call_extern"), Op("tirx.call_pure_extern")};

  static const Names& Get() {
    static const Names names;
    return names;
  }

  static Any Op(const char* name) { return Functions::Get().get_op(String(name)); }
};

// An atomic addition: the element, as a load of it, and what is added.
struct AtomicAdd {
  Any element;
  Any amount;
};

template <size_t N>
bool Holds(const std::array<Any, N>& ops, const Any& op) {
  return std::any_of(ops.begin(), ops.end(), [&](const Any& each) { return op.same_as(each); });
}

// The address and the amount of a call; empty where it is no atomic addition.
Array<Any> Operands(const Any& call) {
  const Names& names = Names::Get();
  const Any op = Fields::Get().call_op.Get(call);
  auto args = names.args.Get(call).cast<Array<Any>>();
  if (Holds(names.adds, op) && args.size() == 2) return args;
  if (!Holds(names.externs, op) || args.size() != 3) return {};
  const String name = names.text.Get(args[0]).cast<String>();
  // OpenCL's and CUDA's names.
  if (name != "atomic_add" && name != "atomicAdd") return {};
  return {args[1], args[2]};
}

std::optional<AtomicAdd> AddOf(const Any& expr) {
  const Names& names = Names::Get();
  if (expr.type_index() != names.call) return std::nullopt;
  const Array<Any> operands = Operands(expr);
  if (operands.empty() || operands[0].type_index() != names.call) return std::nullopt;
  if (!Fields::Get().call_op.Get(operands[0]).same_as(names.address_of)) return std::nullopt;
  const Any element = names.args.Get(operands[0]).cast<Array<Any>>()[0];
  if (element.type_index() != names.load) return std::nullopt;
  const std::optional<DLDataType> held = DTypeOf(element), added = DTypeOf(operands[1]);
  const std::optional<DLDataType> given = DTypeOf(expr);
  if (!held || !added || !given || *held != *added || *held != *given) return std::nullopt;
  return AtomicAdd{element, operands[1]};
}

// The expression of a statement where an atomic addition may stand.
Any ExpressionOf(const Any& statement) {
  const Names& names = Names::Get();
  if (statement.type_index() == names.evaluate) return names.evaluated.Get(statement);
  if (statement.type_index() == names.bind) return names.bind_value.Get(statement);
  if (statement.type_index() == names.store) return names.stored.Get(statement);
  return Any();
}

// `element = before + amount`.
Any MakeAdd(const AtomicAdd& add, const Any& before) {
  const Names& names = Names::Get();
  return names.make_store(names.source.Get(add.element),
                          MakeBinary(NameOf(keys::kAdd), before, add.amount),
                          names.indices.Get(add.element), Any());
}

}  // namespace

void RequireAtomics() { Names::Get(); }

bool IsAtomicAdd(const Any& statement) {
  const Any expr = ExpressionOf(statement);
  return !IsNone(expr) && AddOf(expr).has_value();
}

Any WithoutAtomic(const Any& statement) {
  const Names& names = Names::Get();
  const AtomicAdd add = *AddOf(ExpressionOf(statement));
  if (statement.type_index() == names.evaluate) return MakeAdd(add, add.element);
  if (statement.type_index() == names.bind) {
    return MakeSeq({names.bind_value.With(statement, add.element),
                    MakeAdd(add, names.bind_var.Get(statement))});
  }
  const Any before =
      names.make_var(String("before"), Fields::Get().expr_type.Get(add.element), Any());
  return MakeSeq({names.make_bind(before, add.element, Any()), MakeAdd(add, before),
                  names.stored.With(statement, before)});
}

}  // namespace mutatenn::ir
