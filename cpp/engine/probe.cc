// Finds the statement around a place and what must hold there, and inserts before it.
#include "probe.h"

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/reflection/registry.h>

#include <algorithm>

#include "../ir/expr.h"
#include "../ir/regions.h"
#include "../ir/stmt.h"

namespace mutatenn::engine {
namespace {

using ir::Any;

// A statement to insert, and where.
struct Insertion {
  ir::Path at;
  Any statement;
};

// The nodes from the root to the end of a path, both included.
std::vector<Any> NodesAlong(const Any& root, const ir::Path& path) {
  std::vector<Any> nodes = {root};
  for (const ir::Step& step : path) nodes.push_back(ir::ChildAt(nodes.back(), step));
  return nodes;
}

Insertion Guarded(const Any& root, const ir::Path& path, Any statement) {
  std::vector<Any> nodes = NodesAlong(root, path);
  size_t depth = nodes.size();
  while (depth > 0 && !ir::IsStatement(nodes[depth - 1])) --depth;
  if (depth == 0) TVM_FFI_THROW(ValueError) << ir::ToString(path) << " lies in no statement";
  // From the place outwards, so that outer conditions end up outside.
  for (size_t i = path.size(); i-- > depth - 1;) {
    const Any& node = nodes[i];
    if (ir::IsIfThenElse(node) && path[i].item > 0) {
      Any condition = ir::ConditionOf(node);
      statement = ir::MakeIf(path[i].item == 1 ? condition : ir::MakeNot(condition), statement);
    } else if (ir::IsLetBody(node, path[i])) {
      statement = ir::MakeBindBefore(node, statement);
    }
  }
  ir::Path at(path.begin(), path.begin() + depth - 1);
  if (ir::IsBlock(nodes[depth - 1])) {
    // A block stands in nothing but its realisation; it runs when its body does.
    const ir::Path body = ir::ParsePath(nodes[depth - 1], ".body");
    at.insert(at.end(), body.begin(), body.end());
  }
  return {at, statement};
}

// Puts the statement before the one at its path; definitions keep their scope.
Any Insert(const Any& body, const Insertion& insertion,
           const std::function<Any(const Any&, const Any&)>& rebuilt) {
  if (insertion.at.empty() || insertion.at.back().item < 0) {
    auto wrap = [&](const ir::Cursor& at) { return ir::MakeSeq({insertion.statement, at.node}); };
    return ir::ReplaceAt(body, insertion.at, wrap, rebuilt);
  }
  ir::Path parent(insertion.at.begin(), insertion.at.end() - 1);
  auto insert = [&](const ir::Cursor& at) {
    return ir::WithInserted(at.node, insertion.at.back().item, insertion.statement);
  };
  return ir::ReplaceAt(body, parent, insert, rebuilt);
}

Any Plant(const Any& func, ir::Array<ir::String> paths, ir::Array<Any> statements) {
  std::vector<std::pair<std::string, Any>> pairs;
  for (size_t i = 0; i < paths.size(); ++i) pairs.emplace_back(paths[i], statements[i]);
  return PlantProbes(func, pairs);
}

}  // namespace

Any PlantProbes(const Any& func, const std::vector<std::pair<std::string, Any>>& statements) {
  Any body = ir::Fields::Get().func_body.Get(func);
  std::vector<std::pair<ir::Path, Any>> ordered;
  for (const auto& [text, statement] : statements) {
    ordered.emplace_back(ir::ParsePath(body, text), statement);
  }
  // Backwards in reading order: an insertion moves only places that come later.
  auto rank = [](const auto& lhs, const auto& rhs) { return ir::Precedes(rhs.first, lhs.first); };
  std::stable_sort(ordered.begin(), ordered.end(), rank);
  const auto visible = ir::VisibleBuffers(func);
  auto rebuilt = [&visible](const Any& original, const Any& copy) {
    return ir::IsBlock(original) ? ir::WithFreshRegions(original, copy, visible) : copy;
  };
  // Conditions come from the body as it was: the paths are paths of that.
  std::vector<Insertion> insertions;
  for (const auto& [path, statement] : ordered) {
    insertions.push_back(Guarded(body, path, statement));
  }
  for (const Insertion& insertion : insertions) body = Insert(body, insertion, rebuilt);
  return body;
}

TVM_FFI_STATIC_INIT_BLOCK() {
  tvm::ffi::reflection::GlobalDef().def("mutatenn.engine.PlantProbes", Plant);
}

}  // namespace mutatenn::engine
