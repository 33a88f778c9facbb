// The statements right beside a statement in a sequence.
#ifndef MUTATENN_IR_SEQUENCE_NEIGHBOURS_H_
#define MUTATENN_IR_SEQUENCE_NEIGHBOURS_H_

#include "path.h"

namespace mutatenn::ir {

// The statement before the one at a cursor and the one after it; fewer at an end of the sequence,
// none where it stands in no sequence.
std::vector<Any> NeighboursOf(const Cursor& at);

}  // namespace mutatenn::ir
#endif  // MUTATENN_IR_SEQUENCE_NEIGHBOURS_H_
