// Hands out, reuses and takes back workspaces, and looks at their guards.
#include "runtime/workspace.h"

#include <cstring>
#include <new>
#include <stdexcept>
#include <system_error>

namespace mutatenn::runtime {
namespace {

constexpr uint64_t kLargest = uint64_t{1} << 45;  // beyond any address space

// TVM's callbacks carry no context of the caller's, so the pool must be found without one.
WorkspacePool* active_pool = nullptr;

void* AllocHook(int, int, uint64_t nbytes, int, int) { return active_pool->Alloc(nbytes); }

int FreeHook(int, int, void* data) { return active_pool->Free(data) ? 0 : -1; }

}  // namespace

std::array<HostHook, 2> WorkspaceHooks(WorkspacePool* pool) {
  if (active_pool != nullptr) throw std::logic_error("two workspace pools are in use");
  active_pool = pool;
  return {{{"TVMBackendAllocWorkspace", reinterpret_cast<void*>(&AllocHook)},
           {"TVMBackendFreeWorkspace", reinterpret_cast<void*>(&FreeHook)}}};
}

WorkspacePool::~WorkspacePool() {
  if (active_pool == this) active_pool = nullptr;
}

void WorkspacePool::BeginLaunch(Pattern pattern, bool inspect, bool poison) {
  poison_ = poison;
  value_ = PatternByte(pattern);
  inspect_ = inspect;
}

void WorkspacePool::EndLaunch() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Entry& entry : entries_) {
    if (entry.live) Retire(entry);
  }
}

void* WorkspacePool::Alloc(uint64_t nbytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Entry* empty = nullptr;
  for (Entry& entry : entries_) {
    if (!entry.block) {
      if (empty == nullptr) empty = &entry;
    } else if (!entry.live && entry.block->size() == nbytes) {
      Start(entry);
      return entry.block->data();
    }
  }
  for (int attempt = 0; attempt < 2 && nbytes < kLargest; ++attempt) {
    try {
      if (empty != nullptr) {
        empty->block = std::make_unique<FencedBlock>(nbytes, guard_bytes_);
        Start(*empty);
        return empty->block->data();
      }
    } catch (const std::system_error&) {  // the limit: memory kept for reuse may make room
    } catch (const std::bad_alloc&) {
    }
    DropUnused();
    for (Entry& entry : entries_) {
      if (!entry.block) empty = &entry;
    }
  }
  results_.header().exhausted = 1;
  return nullptr;
}

bool WorkspacePool::Free(void* data) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Entry& entry : entries_) {
    if (entry.live && entry.block->data() == data) {
      Retire(entry);
      return true;
    }
  }
  return false;
}

Place WorkspacePool::Nearest(const uint8_t* address) const {
  Place best;
  for (const Entry& entry : entries_) {
    const uint8_t* data = entry.data.load(std::memory_order_relaxed);
    if (data == nullptr) continue;
    const Place place =
        Locate(address, data, entry.end.load(std::memory_order_relaxed), kWorkspace);
    if (best.buffer == kUnknownBuffer || place.distance < best.distance) best = place;
  }
  return best;
}

void WorkspacePool::Start(Entry& entry) {
  entry.live = true;
  if (poison_) std::memset(entry.block->data(), value_, entry.block->size());
  entry.block->arena().Paint(0, value_);
  entry.end.store(entry.block->slot().end, std::memory_order_relaxed);
  entry.data.store(entry.block->data(), std::memory_order_relaxed);
}

void WorkspacePool::Retire(Entry& entry) {
  entry.block->arena().Inspect(0, [this](Side side, const Damage& damage) {
    if (inspect_) results_.RecordWrite(kWorkspace, side, damage);
  });
  entry.data.store(nullptr, std::memory_order_relaxed);
  entry.live = false;
}

void WorkspacePool::DropUnused() {
  for (Entry& entry : entries_) {
    if (!entry.live) entry.block.reset();
  }
}

}  // namespace mutatenn::runtime
