// The fields of For, and of the nodes that bind variables around it.
#include "loop.h"

#include <algorithm>

#include "literal.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t loop = TypeIndexOf("tirx.For");
  Field var{"tirx.For", "loop_var"}, min{"tirx.For", "min"}, extent{"tirx.For", "extent"};
  Field body{"tirx.For", "body"}, kind{"tirx.For", "kind"}, step{"tirx.For", "step"};
  int32_t attr = TypeIndexOf("tirx.AttrStmt");
  Field attr_key{"tirx.AttrStmt", "attr_key"}, attr_node{"tirx.AttrStmt", "node"};
  int32_t block = TypeIndexOf("s_tir.SBlock");
  Field axes{"s_tir.SBlock", "iter_vars"}, axis_var{"tirx.IterVar", "var"};

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

bool IsLaunch(const Any& node) {
  const Names& names = Names::Get();
  return node.type_index() == names.attr &&
         names.attr_key.Get(node).cast<std::string>() == "thread_extent";
}

bool IsOf(const Any& node, LoopKind kind) {
  const std::optional<Loop> loop = LoopAt(node);
  return loop && loop->kind == kind;
}

}  // namespace

void RequireLoops() { Names::Get(); }

std::optional<Loop> LoopAt(const Any& node) {
  const Names& names = Names::Get();
  if (node.type_index() != names.loop) return std::nullopt;
  const Any step = names.step.Get(node);
  return Loop{names.var.Get(node),
              names.min.Get(node),
              names.extent.Get(node),
              names.body.Get(node),
              static_cast<LoopKind>(names.kind.Get(node).cast<int>()),
              IsNone(step) || IntegerIn(step) == 1};
}

Any WithKind(const Any& loop, LoopKind kind) {
  return Names::Get().kind.With(loop, static_cast<int64_t>(kind));
}

Any WithBody(const Any& loop, const Any& body) { return Names::Get().body.With(loop, body); }

bool IsInside(const Cursor& at, LoopKind kind) {
  for (const Any& node : *at.above) {
    if (IsOf(node, kind)) return true;
  }
  return false;
}

int64_t RoundsAround(const Cursor& at, int64_t most) {
  int64_t rounds = 1;
  for (const Any& node : *at.above) {
    const std::optional<Loop> loop = LoopAt(node);
    if (!loop) continue;
    const int64_t extent = IntegerIn(loop->extent).value_or(most);
    if (extent >= most || (rounds *= std::max<int64_t>(extent, 1)) >= most) return most;
  }
  return rounds;
}

bool Holds(const Any& statement, LoopKind kind) {
  bool found = false;
  Walk(statement, [&](const Cursor& at) { found = found || IsOf(at.node, kind); });
  return found;
}

bool IsInBlock(const Cursor& at) {
  for (const Any& node : *at.above) {
    if (node.type_index() == Names::Get().block) return true;
  }
  return false;
}

std::vector<Any> VariablesAround(const Cursor& at) {
  const Names& names = Names::Get();
  std::vector<Any> found;
  for (const Any& node : *at.above) {
    if (node.type_index() == names.loop) {
      found.push_back(names.var.Get(node));
    } else if (IsLaunch(node)) {
      found.push_back(names.axis_var.Get(names.attr_node.Get(node)));
    } else if (node.type_index() == names.block) {
      for (const Any& axis : names.axes.Get(node).cast<Array<Any>>()) {
        found.push_back(names.axis_var.Get(axis));
      }
    }
  }
  return found;
}

}  // namespace mutatenn::ir
