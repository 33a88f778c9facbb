// The allocator behind TVMBackendAllocWorkspace: guarded, filled with a pattern, bounded.
#ifndef MUTATENN_RUNTIME_WORKSPACE_H_
#define MUTATENN_RUNTIME_WORKSPACE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "runtime/fenced_block.h"
#include "runtime/results.h"

namespace mutatenn::runtime {

class WorkspacePool {
 public:
  WorkspacePool(size_t guard_bytes, Results& results)
      : guard_bytes_(guard_bytes), results_(results) {}
  ~WorkspacePool();
  WorkspacePool(const WorkspacePool&) = delete;
  WorkspacePool& operator=(const WorkspacePool&) = delete;

  // What guards hold in the next launch, and whether damage to them is recorded; with `poison`,
  // workspaces hold the same, else what they held before.
  void BeginLaunch(Pattern pattern, bool inspect, bool poison);
  // Takes back what the launch did not free.
  void EndLaunch();

  // Null, and `exhausted` in the results, when memory is refused. Safe from any thread.
  void* Alloc(uint64_t nbytes);
  // False when no live workspace begins at `data`.
  bool Free(void* data);

  // The live workspace nearest to an address. Takes no lock: it is for signal handlers.
  Place Nearest(const uint8_t* address) const;

 private:
  static constexpr size_t kCapacity = 1024;
  struct Entry {
    std::unique_ptr<FencedBlock> block;
    bool live = false;
    // Copies for Nearest; null while not live.
    std::atomic<uint8_t*> data{nullptr};
    std::atomic<uint8_t*> end{nullptr};
  };
  void Start(Entry& entry);
  void Retire(Entry& entry);
  void DropUnused();

  const size_t guard_bytes_;
  Results& results_;
  uint8_t value_ = 0xFF;
  bool poison_ = true;
  bool inspect_ = true;
  std::mutex mutex_;
  std::array<Entry, kCapacity> entries_;
};

// Names and addresses of the functions that a kernel gets from here instead of from TVM.
struct HostHook {
  const char* name;
  void* address;
};

// Makes `pool` the one that the hooks serve; at most one at a time.
std::array<HostHook, 2> WorkspaceHooks(WorkspacePool* pool);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_WORKSPACE_H_
