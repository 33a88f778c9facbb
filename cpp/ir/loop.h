// For loops: their parts, what stands around them, and copies with other parts.
#ifndef MUTATENN_IR_LOOP_H_
#define MUTATENN_IR_LOOP_H_

#include <optional>

#include "path.h"

namespace mutatenn::ir {

// How a loop's iterations run; the numbers are TVM's.
enum class LoopKind { kSerial = 0, kParallel = 1, kVectorized = 2, kUnrolled = 3, kThreads = 4 };

// The parts of a loop from `min` on to below `min + extent`.
struct Loop {
  Any var, min, extent, body;
  LoopKind kind;
  // Whether it goes in steps of one.
  bool by_ones;
};

// Looks up all that this file names in TVM. Throws RuntimeError naming what is missing.
void RequireLoops();

// The loop that a statement is; nothing when it is none.
std::optional<Loop> LoopAt(const Any& node);

// The same loop with another kind, or another body.
Any WithKind(const Any& loop, LoopKind kind);
Any WithBody(const Any& loop, const Any& body);

// Whether some loop around a place is of that kind.
bool IsInside(const Cursor& at, LoopKind kind);

// Whether a statement is a loop of that kind, or holds one.
bool Holds(const Any& statement, LoopKind kind);

// How often the place is run, as the extents of the loops around it say, or `most` if that is less;
// a loop whose extent is no literal counts as `most`.
int64_t RoundsAround(const Cursor& at, int64_t most);

// Whether a place is in TIR of blocks, which is still to be lowered.
bool IsInBlock(const Cursor& at);

// The variables of the loops, threads and block axes around a place.
std::vector<Any> VariablesAround(const Cursor& at);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_LOOP_H_
