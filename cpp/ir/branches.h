// Nodes that choose between two branches by a condition.
#ifndef MUTATENN_IR_BRANCHES_H_
#define MUTATENN_IR_BRANCHES_H_

#include <optional>
#include <string_view>

#include "reflect.h"

namespace mutatenn::ir {

// A choice: an if statement (`if`), a `select` or a conditional expression (`if-then-else`).
struct Branches {
  std::string_view kind;
  Any condition;
  Any yes;
  // None for an if statement without an else.
  Any no;
};

// The choice that a node is; nothing when it is none.
std::optional<Branches> BranchesOf(const Any& node);

// The same choice between other branches; `no` may be None for an if statement.
Any WithBranches(const Any& node, const Any& yes, const Any& no);

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireBranches();

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_BRANCHES_H_
