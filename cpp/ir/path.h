// Access paths inside a function, walking along them and rebuilding what they cross.
//
// TVM shares nodes, so a place in a function is a path to it, never an object.
#ifndef MUTATENN_IR_PATH_H_
#define MUTATENN_IR_PATH_H_

#include <functional>
#include <string>
#include <vector>

#include "schema.h"

namespace mutatenn::ir {

class Graph;

// One step down: a field, and the item in it where the field is an array (-1 if not).
struct Step {
  const Field* field;
  int32_t item;
};

// Steps from a PrimFunc's body, or from a Relax function, downwards.
using Path = std::vector<Step>;

// The path as text, for instance `.block.body.seq[0].body.value.args[0]`.
std::string ToString(const Path& path);

// The path that `text` names under `root`. Throws ValueError when it leads nowhere.
Path ParsePath(const Any& root, std::string_view text);

// Whether the first path's node comes before the second's in pre-order; both are paths of one root.
bool Precedes(const Path& lhs, const Path& rhs);

// The node one step below `node`.
Any ChildAt(const Any& node, const Step& step);

// A node on the way of a walk, with the node it hangs from (None at the root).
struct Cursor {
  const Any& node;
  const Any& parent;
  const Path& path;
  // The nodes on the way to it, the root first, one for each step of the path; null for a node that
  // is looked at on its own.
  const std::vector<Any>* above = nullptr;
  // What the variables of a Relax function stand for; null inside TIR.
  const Graph* graph = nullptr;
  // Name of the field by which `parent` holds `node`; empty at the root.
  std::string_view role() const { return path.empty() ? "" : path.back().field->name(); }
};

// Calls `visit` on every executed node under `root`, parents before children.
void Walk(const Any& root, const std::function<void(const Cursor&)>& visit);

// Replaces the node at `path` by what `rewrite` makes of it, copying the way to it.
//
// `rebuilt` is called on each copied node, innermost first, with the node it is a copy of, and
// first on what `rewrite` made where that is of the node's own class; what it returns takes the
// copy's place.
Any ReplaceAt(const Any& root, const Path& path, const std::function<Any(const Cursor&)>& rewrite,
              const std::function<Any(const Any& original, const Any& copy)>& rebuilt);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_PATH_H_
