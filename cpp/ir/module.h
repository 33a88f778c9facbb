// The kernels of an IRModule: listing, exchanging, hashing and verifying them.
#ifndef MUTATENN_IR_MODULE_H_
#define MUTATENN_IR_MODULE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "reflect.h"

namespace mutatenn::ir {

// One function of a module.
struct Kernel {
  std::string name;
  Any global_var;
  Any func;
};

// Whether `value` is an IRModule.
bool IsModule(const Any& value);

// The PrimFuncs of a module, sorted by name.
std::vector<Kernel> KernelsOf(const Any& mod);

// The Relax functions of a module that are graphs of operators, sorted by name; groups of fused
// operators are none.
std::vector<Kernel> GraphsOf(const Any& mod);

// Names of the module's functions in the order in which `main`, then the other non-TIR functions by
// name, first refer to them; functions that nothing refers to follow, by name.
std::vector<std::string> LaunchOrder(const Any& mod);

// A new module in which one function is another; `mod` itself is left alone.
Any WithFunction(const Any& mod, const Any& global_var, const Any& func);

// The node that access paths of a function start at: a PrimFunc's body, a Relax function itself.
Any PathRootOf(const Any& func);

// A function with another node at the start of its paths.
Any WithPathRoot(const Any& func, const Any& root);

// Hash of what a graph computes, the kernels that it calls included; no name of a function counts.
uint64_t GraphHash(const Any& mod, const Any& func);

// Structural hash of a PrimFunc without its name, its target and whether it is alone in its module.
uint64_t ContentHash(const Any& func);

// Whether two PrimFuncs are equal in all that `ContentHash` takes in.
bool SameContent(const Any& lhs, const Any& rhs);

// `tensor` for TIR in blocks, before scheduling; `kernel` for flat TIR, right before host and
// device code are split.
std::string StageOf(const Any& func);

// The family of targets that share lowered kernels: `cpu` or `gpu`; empty for a graph, at stage
// tensor and for a kernel that is bound to no target.
std::string LoweringOf(const Any& func);

// What TVM's verifiers for a PrimFunc's stage say of it, beginning with the name of the one that
// refuses; empty when all accept it.
std::string VerifierComplaint(const Any& func);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_MODULE_H_
