// One walk over the bindings, in program order: what is read was bound before.
#include "graph.h"

#include <algorithm>

#include "path.h"

namespace mutatenn::ir {
namespace {

struct Names {
  Field params{"relax.expr.Function", "params"};
  Field body{"relax.expr.Function", "body"};
  Field result{"relax.expr.SeqExpr", "body"};
  Field var{"relax.expr.Binding", "var"};
  Field value{"relax.expr.VarBinding", "value"};
  Field cast_value{"relax.expr.MatchCast", "value"};
  int32_t binding = TypeIndexOf("relax.expr.VarBinding");
  int32_t match_cast = TypeIndexOf("relax.expr.MatchCast");
  int32_t seq = TypeIndexOf("relax.expr.SeqExpr");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

const Object* IdOf(const Any& var) { return var.cast<const Object*>(); }

}  // namespace

bool IsVarBinding(const Any& node) { return node.type_index() == Names::Get().binding; }

Any BoundVar(const Any& binding) { return Names::Get().var.Get(binding); }

std::vector<Any> VarsIn(const Any& expr) {
  std::vector<Any> found;
  Walk(expr, [&found](const Cursor& at) {
    if (IsVar(at.node)) found.push_back(at.node);
  });
  return found;
}

Graph::Graph(const Any& func) {
  const Names& names = Names::Get();
  for (const Any& param : names.params.Get(func).cast<Array<Any>>()) {
    entries_[IdOf(param)] = {Any(), {}, false, 0};
  }
  Walk(names.body.Get(func), [&](const Cursor& at) {
    const int32_t type = at.node.type_index();
    if (type == names.binding) Add(names.var.Get(at.node), names.value.Get(at.node));
    if (type == names.match_cast) Add(names.var.Get(at.node), names.cast_value.Get(at.node));
    if (type == names.seq) Read(names.result.Get(at.node), Any());
  });
}

void Graph::Add(const Any& var, const Any& value) {
  Read(value, value);
  // A result read earlier has made an entry already.
  Entry& entry = entries_[IdOf(var)];
  entry.value = value;
  entry.known = IsKnown(value);
  entry.depth = DepthOf(value);
}

void Graph::Read(const Any& expr, const Any& reader) {
  for (const Any& var : VarsIn(expr)) entries_[IdOf(var)].readers.push_back(reader);
}

const Graph::Entry* Graph::Find(const Any& var) const {
  auto it = entries_.find(IdOf(var));
  return it == entries_.end() ? nullptr : &it->second;
}

Any Graph::ValueOf(const Any& var) const {
  const Entry* entry = Find(var);
  return entry == nullptr ? Any() : entry->value;
}

int Graph::UsesOf(const Any& var) const {
  const Entry* entry = Find(var);
  return entry == nullptr ? 0 : static_cast<int>(entry->readers.size());
}

std::vector<Any> Graph::ReadersOf(const Any& var) const {
  const Entry* entry = Find(var);
  return entry == nullptr ? std::vector<Any>() : entry->readers;
}

bool Graph::IsKnown(const Any& expr) const {
  if (IsVar(expr)) {
    const Entry* entry = Find(expr);
    return entry != nullptr && entry->known;
  }
  if (IsCall(expr) && OperatorOf(expr).empty()) return false;
  const std::vector<Any> vars = VarsIn(expr);
  return std::all_of(vars.begin(), vars.end(), [this](const Any& var) { return IsKnown(var); });
}

Any Graph::ProducerOf(const Any& expr) const {
  Any value = expr;
  while (!IsNone(value) && !IsCall(value)) {
    std::optional<TupleItem> item = TupleItemOf(value);
    if (item && item->index == 0) {
      value = item->tuple;
    } else if (IsVar(value)) {
      value = ValueOf(value);
    } else {
      return Any();
    }
  }
  return value;
}

int Graph::DepthOf(const Any& expr) const {
  int depth = 0;
  for (const Any& var : VarsIn(expr)) {
    const Entry* entry = Find(var);
    if (entry != nullptr) depth = std::max(depth, entry->depth);
  }
  return depth + (IsCall(expr) && !IsKnown(expr) ? 1 : 0);
}

std::set<const Object*> Graph::SourcesOf(const Any& expr) const {
  std::set<const Object*> found;
  std::vector<Any> pending = VarsIn(expr);
  while (!pending.empty()) {
    const Any var = pending.back();
    pending.pop_back();
    if (IsKnown(var) || !found.insert(IdOf(var)).second) continue;
    const Any value = ValueOf(var);
    if (IsNone(value)) continue;
    for (const Any& next : VarsIn(value)) pending.push_back(next);
  }
  return found;
}

}  // namespace mutatenn::ir
