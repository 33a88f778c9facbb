// Mutants: applying an operator at places of a kernel, and naming the result by content.
#ifndef MUTATENN_ENGINE_MUTANT_H_
#define MUTATENN_ENGINE_MUTANT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "site.h"

namespace mutatenn::engine {

// A place in a kernel and what is to stand there.
struct Change {
  ir::Path path;
  Settings replacement;
};

// The PrimFunc with `op` applied at each place, verified.
//
// Throws ValueError when nothing changes, or when TVM's verifier rejects the result; the message
// names the operator and the verifier's words.
ir::Any Apply(const ir::Any& func, const Operator& op, std::vector<Change> changes);

// A change, and the operator that makes it.
struct Fault {
  const Operator* op;
  Change change;
};

// The same change by change, by any operators: a mutant of higher order. Changes are in order of
// place, and none is inside of another.
ir::Any Apply(const ir::Any& func, const std::vector<Fault>& faults);

// A change of one operator at each place, as faults.
std::vector<Fault> Faults(const Operator& op, std::vector<Change> changes);

// The operators and what they were to do, for messages.
std::string Guilty(const std::vector<Fault>& faults);

// The PrimFunc with one place rewritten and nothing else: the regions of blocks are left as they
// were and nothing is verified. `Apply` is what makes a mutant.
ir::Any Rewrite(const ir::Any& func, const Operator& op, const Change& change);

// Tells kernels apart by what they compute, for mutant ids.
class KernelIdentity {
 public:
  explicit KernelIdentity(const ir::Any& mod);
  // Content hash of a kernel and its rank, by first launch, among kernels equal to it.
  std::string Of(const std::string& kernel) const;
  // The same of a kernel or a graph of the module.
  std::string Of(const ir::Kernel& function) const;

 private:
  ir::Any mod_;
  std::map<std::string, std::string> identity_;
};

// Id of a first-order mutant: `<operator>-<16 hex digits>`.
//
// A hash of operator, version, stage, lowering, the kernel's identity, the path and the
// replacement: the same on every machine, in every process and under any function names, for one
// TVM version.
std::string MutantId(const Operator& op, const std::string& stage, const std::string& lowering,
                     const std::string& kernel_identity, const Change& change);

}  // namespace mutatenn::engine
#endif  // MUTATENN_ENGINE_MUTANT_H_
