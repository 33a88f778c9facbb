// Bindings through TVM's block builder, in program order; then a backward sweep for dead code.
#include "rebind.h"

#include <tvm/ffi/error.h>

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "graph.h"
#include "path.h"

namespace mutatenn::ir {
namespace {

struct Names {
  Function create = RequireFunction("relax.BlockBuilderCreate");
  Function begin_dataflow = RequireFunction("relax.BlockBuilderBeginDataflowBlock");
  Function begin_block = RequireFunction("relax.BlockBuilderBeginBindingBlock");
  Function end_block = RequireFunction("relax.BlockBuilderEndBlock");
  Function begin_scope = RequireFunction("relax.BlockBuilderBeginScope");
  Function end_scope = RequireFunction("relax.BlockBuilderEndScope");
  Function normalize = RequireFunction("relax.BlockBuilderNormalize");
  Function emit = RequireFunction("relax.BlockBuilderEmit");
  Function emit_binding = RequireFunction("relax.BlockBuilderEmitNormalized");
  Function unique_name = RequireFunction("relax.BlockBuilderGetUniqueName");
  Function update_type = RequireFunction("relax.UpdateType");
  Function is_missing = RequireFunction("ir.TypeIsMissing");
  Function var_binding = RequireFunction("relax.VarBinding");
  Function seq = RequireFunction("relax.SeqExpr");
  Function branch = RequireFunction("relax.If");
  Function function = RequireFunction("relax.Function");
  Function well_formed = RequireFunction("relax.analysis.well_formed");
  Field params{"relax.expr.Function", "params"};
  Field body{"relax.expr.Function", "body"};
  Field ret_type{"relax.expr.Function", "ret_ty"};
  Field is_pure{"relax.expr.Function", "is_pure"};
  Field func_attrs{"ir.BaseFunc", "attrs"};
  Field blocks{"relax.expr.SeqExpr", "blocks"};
  Field result{"relax.expr.SeqExpr", "body"};
  Field bindings{"relax.expr.BindingBlock", "bindings"};
  Field bound{"relax.expr.Binding", "var"};
  Field binding_span{"relax.expr.Binding", "span"};
  Field value{"relax.expr.VarBinding", "value"};
  Field cast_value{"relax.expr.MatchCast", "value"};
  Field cond{"relax.expr.If", "cond"};
  Field yes{"relax.expr.If", "true_branch"};
  Field no{"relax.expr.If", "false_branch"};
  Field var_name{"ir.Var", "name"};
  int32_t dataflow_block = TypeIndexOf("relax.expr.DataflowBlock");
  int32_t binding_type = TypeIndexOf("relax.expr.VarBinding");
  int32_t match_cast = TypeIndexOf("relax.expr.MatchCast");
  int32_t dataflow_var_type = TypeIndexOf("relax.expr.DataflowVar");
  int32_t if_type = TypeIndexOf("relax.expr.If");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

using Identities = std::unordered_set<const Object*>;

const Object* IdOf(const Any& node) { return node.cast<const Object*>(); }

bool IsDataflowVar(const Any& var) { return var.type_index() == Names::Get().dataflow_var_type; }

// Whether an expression can be an argument as it stands.
bool IsLeaf(const Any& expr) { return !IsCall(expr) && !TupleItemOf(expr); }

class Emitter {
 public:
  Emitter(const Any& mod, const Any& original)
      : names_(Names::Get()), builder_(names_.create(mod)) {
    Walk(original, [this](const Cursor& at) {
      const int32_t type = at.node.type_index();
      if (type != names_.binding_type && type != names_.match_cast) return;
      untouched_.insert(IdOf(at.node));
      // Reserved, so that a variable that is new gets a name of its own.
      names_.unique_name(builder_, names_.var_name.Get(names_.bound.Get(at.node)));
    });
  }

  // TVM warns of a builder that goes with blocks open, as it does where a type is refused.
  ~Emitter() {
    for (; open_ > 0; --open_) names_.end_block(builder_);
  }
  Emitter(const Emitter&) = delete;
  Emitter& operator=(const Emitter&) = delete;

  Any Emitted(const Any& func) {
    const Any params = names_.params.Get(func);
    names_.begin_scope(builder_, params);
    const Any body = names_.body.Get(func), emitted = Sequence(body);
    names_.end_scope(builder_);
    const Any before = TypeOf(names_.result.Get(body)), after = TypeOf(names_.result.Get(emitted));
    const Any ret_type = SameType(before, after) ? names_.ret_type.Get(func) : after;
    return names_.function(params, emitted, ret_type, names_.is_pure.Get(func),
                           names_.func_attrs.Get(func), Fields::Get().expr_span.Get(func));
  }

  // What a variable of the original has become.
  Any Now(const Any& var) const {
    auto it = now_.find(IdOf(var));
    return it == now_.end() ? var : it->second;
  }

 private:
  Any Sequence(const Any& seq) {
    Array<Any> blocks;
    for (const Any& block : names_.blocks.Get(seq).cast<Array<Any>>()) {
      const bool dataflow = block.type_index() == names_.dataflow_block;
      (dataflow ? names_.begin_dataflow : names_.begin_block)(builder_);
      ++open_;
      for (const Any& binding : names_.bindings.Get(block).cast<Array<Any>>()) Binding(binding);
      blocks.push_back(names_.end_block(builder_));
      --open_;
    }
    const Any result = Substituted(names_.result.Get(seq));
    Any emitted = names_.seq(blocks, result, Fields::Get().expr_span.Get(seq));
    names_.update_type(emitted, TypeOf(result));
    return emitted;
  }

  void Binding(const Any& binding) {
    const Any var = names_.bound.Get(binding);
    if (binding.type_index() != names_.binding_type) {
      const Any value = Substituted(names_.cast_value.Get(binding));
      names_.emit_binding(builder_, names_.cast_value.With(binding, value));
      return;
    }
    const Any old = names_.value.Get(binding), value = Value(old);
    const bool rewritten = untouched_.count(IdOf(binding)) == 0;
    if (!rewritten && value.same_as(old)) {
      names_.emit_binding(builder_, binding);
      return;
    }
    if (rewritten && IsVar(value) && IsDataflowVar(var)) {
      now_.emplace(IdOf(var), value);
      return;
    }
    Any bound = var;
    if (!SameType(TypeOf(var), TypeOf(value))) {
      bound = Fields::Get().expr_type.With(var, TypeOf(value));
      now_.emplace(IdOf(var), bound);
    }
    names_.emit_binding(builder_,
                        names_.var_binding(bound, value, names_.binding_span.Get(binding)));
  }

  // A bound value over the new variables, with its type.
  Any Value(const Any& expr) {
    if (expr.type_index() == names_.if_type) {
      Any branch = names_.branch(Substituted(names_.cond.Get(expr)), Sequence(names_.yes.Get(expr)),
                                 Sequence(names_.no.Get(expr)), Fields::Get().expr_span.Get(expr));
      return names_.normalize(builder_, branch);
    }
    const Any value = Substituted(expr);
    return IsTyped(value) ? value : names_.normalize(builder_, value);
  }

  bool IsTyped(const Any& expr) const { return !names_.is_missing(TypeOf(expr)).cast<bool>(); }

  // An expression over the new variables; without a type where that may have changed.
  Any Substituted(const Any& expr) {
    if (IsVar(expr)) return Now(expr);
    if (IsTuple(expr)) {
      Array<Any> fields = FieldsOf(expr);
      return Arguments(&fields) ? MakeTuple(fields) : expr;
    }
    if (std::optional<TupleItem> item = TupleItemOf(expr)) {
      Any tuple = Argument(item->tuple);
      return tuple.same_as(item->tuple) ? expr : MakeTupleItem(tuple, item->index);
    }
    if (!IsCall(expr)) return expr;
    Array<Any> args = ArgsOf(expr);
    return Arguments(&args) ? WithArgs(expr, args) : expr;
  }

  // Whether any changed.
  bool Arguments(Array<Any>* exprs) {
    bool changed = false;
    for (size_t i = 0; i < exprs->size(); ++i) {
      Any now = Argument((*exprs)[i]);
      if (now.same_as((*exprs)[i])) continue;
      exprs->Set(i, now);
      changed = true;
    }
    return changed;
  }

  // An expression as an argument: a value that has to be computed gets a variable of its own.
  Any Argument(const Any& expr) {
    const Any value = Substituted(expr);
    if (IsLeaf(value)) return value;
    return names_.emit(builder_, value, String(""));
  }

  const Names& names_;
  Any builder_;
  int open_ = 0;
  Identities untouched_;
  // What the variables of the original have become.
  std::unordered_map<const Object*, Any> now_;
};

using Uses = std::unordered_map<const Object*, int>;

Uses UsesIn(const Any& func) {
  Uses uses;
  for (const Any& var : VarsIn(func)) ++uses[IdOf(var)];
  return uses;
}

// The function without bindings that nothing reads; those in `spared` stay.
class Sweeper {
 public:
  Sweeper(const Any& func, Identities spared)
      : names_(Names::Get()), uses_(UsesIn(func)), spared_(std::move(spared)) {}

  Any Swept(const Any& seq) {
    auto blocks = names_.blocks.Get(seq).cast<Array<Any>>();
    for (size_t i = blocks.size(); i-- > 0;) {
      if (blocks[i].type_index() != names_.dataflow_block) continue;
      auto bindings = names_.bindings.Get(blocks[i]).cast<Array<Any>>();
      Array<Any> kept;
      for (size_t j = bindings.size(); j-- > 0;) {
        if (!Drops(bindings[j])) kept.insert(kept.begin(), bindings[j]);
      }
      if (kept.size() < bindings.size()) blocks.Set(i, names_.bindings.With(blocks[i], kept));
    }
    return names_.blocks.With(seq, blocks);
  }

 private:
  bool Drops(const Any& binding) {
    if (binding.type_index() != names_.binding_type) return false;
    const Any var = names_.bound.Get(binding);
    if (!IsDataflowVar(var) || uses_[IdOf(var)] > 0 || spared_.count(IdOf(var)) > 0) return false;
    for (const Any& read : VarsIn(names_.value.Get(binding))) --uses_[IdOf(read)];
    return true;
  }

  const Names& names_;
  Uses uses_;
  Identities spared_;
};

}  // namespace

void RequireRebinding() { Names::Get(); }

Any Rebound(const Any& mod, const Any& original, const Any& rewritten) {
  const Names& names = Names::Get();
  Emitter emitter(mod, original);
  Any emitted = emitter.Emitted(rewritten);
  // What nothing read from the beginning is no business of the rewrite, whatever its type is now.
  Uses before = UsesIn(original);
  Identities spared;
  Walk(original, [&](const Cursor& at) {
    if (at.node.type_index() != names.binding_type) return;
    const Any var = names.bound.Get(at.node);
    if (before.count(IdOf(var)) == 0) spared.insert(IdOf(emitter.Now(var)));
  });
  return names.body.With(emitted,
                         Sweeper(emitted, std::move(spared)).Swept(names.body.Get(emitted)));
}

std::string GraphComplaint(const Any& mod) {
  try {
    const bool check_types = true;
    Names::Get().well_formed(mod, check_types);
  } catch (const tvm::ffi::Error& error) {
    return "relax.analysis.well_formed: " + error.message();
  }
  return "";
}

}  // namespace mutatenn::ir
