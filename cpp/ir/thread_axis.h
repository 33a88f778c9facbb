// Axes of threads and blocks: the attribute statements that bind a variable to one.
#ifndef MUTATENN_IR_THREAD_AXIS_H_
#define MUTATENN_IR_THREAD_AXIS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "path.h"

namespace mutatenn::ir {

// One axis of a launch: its name (`threadIdx.x`), the variable that runs along it, and its extent.
struct ThreadAxis {
  std::string tag;
  Any var;
  Any extent;
};

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireThreadAxes();

// The axis that a statement binds for its body; nothing for another node.
std::optional<ThreadAxis> ThreadAxisAt(const Any& node);

// The axes bound in a statement and by it, in the order in which they are read.
std::vector<ThreadAxis> ThreadAxesIn(const Any& statement);

// The outermost statement around a place that binds an axis, or the place's own node: the launch.
Any LaunchAround(const Cursor& at);

// Whether all that a launch says of an axis is said in the node at a cursor.
bool HoldsAllOf(const Cursor& at, const std::string& tag);

// A statement with every axis in it bound as `rebind` says.
Any WithThreadAxes(const Any& statement,
                   const std::function<ThreadAxis(const ThreadAxis&)>& rebind);

// Whether an expression at a place depends on where in the launch a thread stands.
bool DependsOnThread(const Cursor& at, const Any& expr);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_THREAD_AXIS_H_
