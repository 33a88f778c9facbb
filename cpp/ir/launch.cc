// A launch binds an axis of threads: in an attribute statement or, before that, by a loop.
#include "launch.h"

#include "loop.h"

namespace mutatenn::ir {
namespace {

// What this file names in TVM, looked up once.
struct Names {
  int32_t attr = TypeIndexOf("tirx.AttrStmt");
  Field key{"tirx.AttrStmt", "attr_key"};

  static const Names& Get() {
    static const Names names;
    return names;
  }
};

bool IsLaunch(const Any& node) {
  const Names& names = Names::Get();
  if (node.type_index() == names.attr) {
    return names.key.Get(node).cast<std::string>() == "thread_extent";
  }
  const std::optional<Loop> loop = LoopAt(node);
  return loop && loop->kind == LoopKind::kThreads;
}

}  // namespace

void RequireLaunches() { Names::Get(); }

bool IsLaunched(const Cursor& at) {
  if (at.above == nullptr) return false;
  for (const Any& node : *at.above) {
    if (IsLaunch(node)) return true;
  }
  return false;
}

bool Launches(const Any& statement) {
  bool found = false;
  Walk(statement, [&](const Cursor& at) { found = found || IsLaunch(at.node); });
  return found;
}

}  // namespace mutatenn::ir
