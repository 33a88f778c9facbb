// Compares the places that the iterations of a loop access, one axis of a buffer at a time.
#include "dependence.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/extra/structural_equal.h>

#include <algorithm>
#include <map>
#include <set>

#include "affine.h"
#include "branches.h"
#include "expr.h"
#include "index.h"
#include "keys.h"
#include "literal.h"
#include "loop.h"
#include "memory.h"
#include "stmt.h"
#include "variable.h"

namespace mutatenn::ir {
namespace {

using Form = std::optional<Affine>;

// What this file names in TVM, looked up once.
struct Names {
  Field bind_var{"tirx.Bind", "var"}, bind_value{"tirx.Bind", "value"};
  Field let_var{"prim.Let", "var"}, let_value{"prim.Let", "value"};
  Field realize_block{"s_tir.SBlockRealize", "block"};
  Field realize_values{"s_tir.SBlockRealize", "iter_values"};
  Field predicate{"s_tir.SBlockRealize", "predicate"};
  Field axes{"s_tir.SBlock", "iter_vars"}, axis_var{"tirx.IterVar", "var"};
  Field store_value{"tirx.BufferStore", "value"};

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

// Statements whose effect on memory is that of the accesses in them.
const std::set<std::string_view>& Plain() {
  static const std::set<std::string_view> plain = {
      "tirx.SeqStmt",     "tirx.For",  "tirx.IfThenElse",     "tirx.BufferStore",
      "tirx.AllocBuffer", "tirx.Bind", "s_tir.SBlockRealize", "s_tir.SBlock",
  };
  return plain;
}

// One access in the loop.
struct Access {
  Any memory;  // the buffer; of views, the one behind them
  Any buffer;
  Array<Any> indices;
  std::vector<Form> forms;
  // What is stored; None for a read.
  Any value;
  // Whether some iterations may leave it out.
  bool guarded = false;
};

// Whether a value is a sum or a product of floating-point numbers.
bool Rounds(const Any& value) {
  const std::string_view key = Schema::Get().TypeOf(value).key;
  const bool sum = key == keys::kAdd || key == keys::kSub || key == keys::kMul;
  return sum && DomainOf(value) == Domain::kFloat;
}

// Reads a loop's body.
class Reader {
 public:
  Reader(const Cursor& at, const Any& node) : loop_(*LoopAt(node)), memories_(RootOf(at)) {
    Define(loop_.var, Affine{{{loop_.var, 1}}, 0, 0});
    varying_.push_back(loop_.var);
    Walk(node, [this](const Cursor& here) { Visit(here); });
  }

  Dependence Result() const {
    if (IntegerIn(loop_.extent).value_or(2) <= 1) return Dependence::kIndependent;
    if (!understood_) return Dependence::kUnknown;
    bool independent = true, known = true, updates = false, rounds = false;
    for (const Access& store : accesses_) {
      if (IsNone(store.value) || IsPrivate(store.memory)) continue;
      const bool updating = IsUpdate(store);
      independent = independent && IsApart(store.memory);
      known = known && (updating || BeginsUpdate(store));
      updates = updates || updating;
      rounds = rounds || (updating && Rounds(store.value));
    }
    if (independent) return Dependence::kIndependent;
    if (!known || !updates) return Dependence::kUnknown;
    return rounds ? Dependence::kRounding : Dependence::kUpdating;
  }

 private:
  static const Any& RootOf(const Cursor& at) {
    return at.above->empty() ? at.node : at.above->front();
  }

  void Define(const Any& variable, Form form) {
    definitions_[variable.cast<const Object*>()] = {true, std::move(form)};
  }

  Form FormOf(const Any& expr) const {
    return AffineOf(expr, [this](const Any& variable) {
      auto found = definitions_.find(variable.cast<const Object*>());
      return found == definitions_.end() ? Definition{} : found->second;
    });
  }

  // Whether an expression's value may differ between iterations.
  bool Varies(const Any& expr) const {
    bool varies = false;
    Walk(expr, [&](const Cursor& at) {
      if (IsAccess(at.node) || IsLet(at.node)) varies = true;
      for (const Any& variable : varying_) varies = varies || variable.same_as(at.node);
    });
    return varies;
  }

  void DefineAs(const Any& variable, const Any& value) {
    Define(variable, FormOf(value));
    if (Varies(value)) varying_.push_back(variable);
  }

  void Visit(const Cursor& at) {
    const Names& names = Names::Get();
    const std::string_view key = Schema::Get().TypeOf(at.node).key;
    if (std::optional<Loop> inner = LoopAt(at.node)) {
      if (inner->kind == LoopKind::kThreads) understood_ = false;
      if (!at.path.empty()) DefineLoop(*inner);
    } else if (key == "s_tir.SBlockRealize") {
      const Any block = names.realize_block.Get(at.node);
      const auto axes = names.axes.Get(block).cast<Array<Any>>();
      const auto values = names.realize_values.Get(at.node).cast<Array<Any>>();
      for (size_t i = 0; i < axes.size(); ++i) DefineAs(names.axis_var.Get(axes[i]), values[i]);
      if (memories_.HasViews(block)) understood_ = false;
    } else if (key == "tirx.Bind") {
      DefineAs(names.bind_var.Get(at.node), names.bind_value.Get(at.node));
    } else if (key == "prim.Let") {
      DefineAs(names.let_var.Get(at.node), names.let_value.Get(at.node));
    } else if (IsAccess(at.node)) {
      Add(at);
    } else if (key == keys::kCall) {
      if (!IsIfThenElse(at.node) && !IsPure(at.node)) understood_ = false;
    }
    if (IsStatement(at.node) && Plain().count(key) == 0 && !IsNothing(at.node)) {
      understood_ = false;
    }
    for (const Any& buffer : memories_.AllocatedBy(at.node)) private_.push_back(buffer);
  }

  void DefineLoop(const Loop& inner) {
    const Form first = FormOf(inner.min);
    const std::optional<int64_t> extent = IntegerIn(inner.extent);
    const bool bounded = first && extent && *extent > 0 && inner.by_ones;
    Define(inner.var, bounded ? Widened(*first, 0, *extent - 1) : std::nullopt);
    if (Varies(inner.min) || Varies(inner.extent)) varying_.push_back(inner.var);
  }

  // Whether a condition around a place may hold in some iterations only.
  bool IsGuarded(const Cursor& at) const {
    return std::any_of(at.above->begin(), at.above->end(), [this](const Any& node) {
      if (const std::optional<Branches> branches = BranchesOf(node)) {
        return Varies(branches->condition);
      }
      return Schema::Get().TypeOf(node).key == "s_tir.SBlockRealize" &&
             Varies(Names::Get().predicate.Get(node));
    });
  }

  void Add(const Cursor& at) {
    const Any& node = at.node;
    const bool store = IsStatement(node);
    const Any buffer = BufferOf(node);
    const std::optional<Any> memory = memories_.Behind(buffer);
    if (!memory) {
      understood_ = false;
      return;
    }
    Access access{*memory, buffer, IndicesOf(node), {}, Any(), IsGuarded(at)};
    if (store) access.value = Names::Get().store_value.Get(node);
    for (const Any& index : access.indices) access.forms.push_back(FormOf(index));
    accesses_.push_back(std::move(access));
  }

  bool IsPrivate(const Any& memory) const {
    return std::any_of(private_.begin(), private_.end(),
                       [&](const Any& buffer) { return buffer.same_as(memory); });
  }

  // Whether different iterations access different places of a memory: by some axis.
  bool IsApart(const Any& memory) const {
    std::vector<const Access*> here;
    for (const Access& access : accesses_) {
      if (access.memory.same_as(memory)) here.push_back(&access);
    }
    for (const Access* access : here) {
      if (!memories_.AreAlike(access->buffer, here.front()->buffer)) return false;
    }
    for (size_t axis = 0; axis < here.front()->forms.size(); ++axis) {
      if (IsApartBy(here, axis)) return true;
    }
    return false;
  }

  bool IsApartBy(const std::vector<const Access*>& here, size_t axis) const {
    const Form& first = here.front()->forms[axis];
    if (!first) return false;
    const int64_t factor = first->FactorOf(loop_.var);
    int64_t least = first->least, most = first->most;
    for (const Access* access : here) {
      const Form& form = access->forms[axis];
      if (!form || !SameTerms(*form, *first)) return false;
      least = std::min(least, form->least);
      most = std::max(most, form->most);
    }
    return most - least < (factor < 0 ? -factor : factor);
  }

  // Whether a store updates a place from itself, and that place is the same for all iterations.
  bool IsUpdate(const Access& store) const {
    if (IsNone(store.value) || store.guarded || IsPrivate(store.memory)) return false;
    for (const Any& index : store.indices) {
      if (Varies(index)) return false;
    }
    bool reads = false;
    Walk(store.value, [&](const Cursor& at) {
      if (!IsAccess(at.node) || !BufferOf(at.node).same_as(store.buffer)) return;
      reads = reads || tvm::ffi::StructuralEqual::Equal(IndicesOf(at.node), store.indices);
    });
    return reads && Varies(store.value);
  }

  // Whether a store begins what another one updates.
  bool BeginsUpdate(const Access& store) const {
    return std::any_of(accesses_.begin(), accesses_.end(), [&](const Access& other) {
      return IsUpdate(other) && other.memory.same_as(store.memory) &&
             tvm::ffi::StructuralEqual::Equal(other.indices, store.indices);
    });
  }

  Loop loop_;
  Memories memories_;
  bool understood_ = true;
  std::map<const Object*, Definition> definitions_;
  // Variables whose value may differ between iterations of the loop.
  std::vector<Any> varying_;
  std::vector<Any> private_;
  std::vector<Access> accesses_;
};

}  // namespace

void RequireDependence() {
  Names::Get();
  for (std::string_view key : Plain()) Schema::Get().TypeOf(key);
}

Dependence DependenceOf(const Cursor& at, const Any& loop) { return Reader(at, loop).Result(); }

}  // namespace mutatenn::ir
