// Copy stages: statements that do nothing but copy into a workspace or out of one.
#ifndef MUTATENN_IR_COPY_STAGE_H_
#define MUTATENN_IR_COPY_STAGE_H_

#include <vector>

#include "path.h"

namespace mutatenn::ir {

// The statements of one sequence that copy into one buffer.
struct CopyStage {
  Any target;
  // Their numbers in the sequence.
  std::vector<size_t> items;
  // How many stores they are made of.
  int stores;
};

// Whether all that a statement does is copying into one buffer: each of its stores writes what it
// reads elsewhere, perhaps under a guard that gives a literal otherwise, as padding does.
bool IsCopy(const Any& statement);

// The copy stages of a sequence, in the order in which they begin: copies into a buffer that the
// kernel allocates, or out of such buffers. None for another node, and within a copy.
//
// The first `depth` of the nodes `above` stand on the way to the sequence.
std::vector<CopyStage> CopyStagesIn(const Any& seq, const std::vector<Any>& above, size_t depth);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_COPY_STAGE_H_
