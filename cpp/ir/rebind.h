// Emits a Relax function anew after a rewrite, so that types are inferred and dead code goes.
#ifndef MUTATENN_IR_REBIND_H_
#define MUTATENN_IR_REBIND_H_

#include "relax.h"

namespace mutatenn::ir {

// Looks up all that this file names in TVM. Throws RuntimeError naming what is not there.
void RequireRebinding();

// A well-typed Relax function in normal form from one whose bindings were rewritten.
//
// `rewritten` is `original` with some binding values replaced: by nested calls, each without a
// type, by a variable or by a constant. Nested calls get bindings of their own. A binding that is
// neither rewritten nor reads a value whose type changed stays the object it was; all others are
// inferred again by TVM. A variable bound to a variable is replaced by it. What nothing reads any
// more, and something read in `original`, is removed from dataflow blocks.
//
// Throws what TVM throws where a call does not take its arguments.
Any Rebound(const Any& mod, const Any& original, const Any& rewritten);

// What TVM says against a module with Relax functions; empty if it is well-formed.
std::string GraphComplaint(const Any& mod);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_REBIND_H_
