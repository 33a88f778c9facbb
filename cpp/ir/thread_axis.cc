// A thread axis is an IterVar with a tag, held by an attribute statement with the key
// thread_extent.
#include "thread_axis.h"

#include <algorithm>

namespace mutatenn::ir {
namespace {

constexpr const char* kThreadExtent = "thread_extent";

// What this file names in TVM, looked up once.
struct Names {
  int32_t attr = TypeIndexOf("tirx.AttrStmt");
  int32_t iter_var = TypeIndexOf("tirx.IterVar");
  int32_t bind = TypeIndexOf("tirx.Bind");
  int32_t seq = TypeIndexOf("tirx.SeqStmt");
  Field key{"tirx.AttrStmt", "attr_key"};
  Field node{"tirx.AttrStmt", "node"};
  Field value{"tirx.AttrStmt", "value"};
  Field var{"tirx.IterVar", "var"};
  Field dom{"tirx.IterVar", "dom"};
  Field tag{"tirx.IterVar", "thread_tag"};
  Field range_min{"ir.Range", "min"};
  Field bind_var{"tirx.Bind", "var"};
  Field bind_value{"tirx.Bind", "value"};
  Field seq_items{"tirx.SeqStmt", "seq"};
  Function range = RequireFunction("ir.Range_from_min_extent");

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

// The attribute statement that binds the axis as it is now bound.
Any Bound(const Any& statement, const ThreadAxis& axis) {
  const Names& names = Names::Get();
  Any iter = names.tag.With(names.node.Get(statement), String(axis.tag));
  const Any extent = names.value.Get(statement);
  if (Any dom = names.dom.Get(iter); !IsNone(dom) && !extent.same_as(axis.extent)) {
    iter = names.dom.With(iter, names.range(names.range_min.Get(dom), axis.extent, Any()));
  }
  return names.value.With(names.node.With(statement, iter), axis.extent);
}

bool Mentions(const Any& expr, const std::vector<Any>& vars) {
  bool found = false;
  Walk(expr, [&](const Cursor& at) {
    found = found || std::any_of(vars.begin(), vars.end(),
                                 [&](const Any& var) { return var.same_as(at.node); });
  });
  return found;
}

}  // namespace

void RequireThreadAxes() { Names::Get(); }

std::optional<ThreadAxis> ThreadAxisAt(const Any& node) {
  const Names& names = Names::Get();
  if (node.type_index() != names.attr || names.key.Get(node).cast<String>() != kThreadExtent) {
    return std::nullopt;
  }
  const Any iter = names.node.Get(node);
  if (iter.type_index() != names.iter_var) return std::nullopt;
  return ThreadAxis{std::string(names.tag.Get(iter).cast<String>()), names.var.Get(iter),
                    names.value.Get(node)};
}

std::vector<ThreadAxis> ThreadAxesIn(const Any& statement) {
  std::vector<ThreadAxis> found;
  Walk(statement, [&](const Cursor& at) {
    if (std::optional<ThreadAxis> axis = ThreadAxisAt(at.node)) found.push_back(*axis);
  });
  return found;
}

Any LaunchAround(const Cursor& at) {
  if (at.above == nullptr) return at.node;
  auto binds = [](const Any& node) { return ThreadAxisAt(node).has_value(); };
  auto first = std::find_if(at.above->begin(), at.above->end(), binds);
  return first == at.above->end() ? at.node : *first;
}

bool HoldsAllOf(const Cursor& at, const std::string& tag) {
  auto bindings = [&](const Any& statement) {
    const std::vector<ThreadAxis> axes = ThreadAxesIn(statement);
    return std::count_if(axes.begin(), axes.end(),
                         [&](const ThreadAxis& axis) { return axis.tag == tag; });
  };
  return bindings(at.node) == bindings(LaunchAround(at));
}

Any WithThreadAxes(const Any& statement,
                   const std::function<ThreadAxis(const ThreadAxis&)>& rebind) {
  std::vector<Path> places;
  Walk(statement, [&](const Cursor& at) {
    if (ThreadAxisAt(at.node)) places.push_back(at.path);
  });
  Any made = statement;
  auto keep = [](const Any&, const Any& copy) { return copy; };
  for (const Path& place : places) {
    auto rewrite = [&](const Cursor& at) { return Bound(at.node, rebind(*ThreadAxisAt(at.node))); };
    made = ReplaceAt(made, place, rewrite, keep);
  }
  return made;
}

bool DependsOnThread(const Cursor& at, const Any& expr) {
  if (at.above == nullptr) return false;
  const Names& names = Names::Get();
  std::vector<Any> vars;
  for (size_t depth = 0; depth < at.above->size(); ++depth) {
    const Any& node = (*at.above)[depth];
    if (std::optional<ThreadAxis> axis = ThreadAxisAt(node)) vars.push_back(axis->var);
    if (node.type_index() != names.seq) continue;
    auto items = names.seq_items.Get(node).cast<Array<Any>>();
    for (int32_t i = 0; i < at.path[depth].item; ++i) {
      if (items[i].type_index() != names.bind) continue;
      if (Mentions(names.bind_value.Get(items[i]), vars)) {
        vars.push_back(names.bind_var.Get(items[i]));
      }
    }
  }
  return Mentions(expr, vars);
}

}  // namespace mutatenn::ir
