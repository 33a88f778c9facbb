// One block of private memory between guard zones and fences.
#ifndef MUTATENN_RUNTIME_FENCED_BLOCK_H_
#define MUTATENN_RUNTIME_FENCED_BLOCK_H_

#include <cstddef>
#include <cstdint>

#include "runtime/arena.h"

namespace mutatenn::runtime {

// An arena of a single slot. Throws std::system_error when memory is refused.
class FencedBlock {
 public:
  FencedBlock(size_t nbytes, size_t guard_bytes) : arena_({nbytes}, guard_bytes) {}
  const Slot& slot() const { return arena_.slot(0); }
  uint8_t* data() const { return slot().data; }
  size_t size() const { return static_cast<size_t>(slot().end - slot().data); }
  Arena& arena() { return arena_; }

 private:
  Arena arena_;
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_FENCED_BLOCK_H_
