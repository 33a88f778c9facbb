// Reserves the address range of an arena, places its slots and paints their guards.
#include "runtime/arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace mutatenn::runtime {
namespace {

constexpr size_t kLargestGuard = size_t{1} << 20;

size_t RoundUp(size_t value, size_t step) { return (value + step - 1) / step * step; }

size_t PageBytes() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

}  // namespace

size_t GuardBytes(size_t nbytes, size_t guard_bytes) {
  return RoundUp(std::max(guard_bytes, std::min(nbytes, kLargestGuard)), PageBytes());
}

Place Locate(const uint8_t* address, const uint8_t* data, const uint8_t* end, int32_t buffer) {
  if (address < data) return {buffer, kBefore, data - address};
  if (address >= end) return {buffer, kAfter, address - end + 1};
  return {buffer, kInside, 0};
}

Arena::Arena(const std::vector<size_t>& sizes, size_t guard_bytes)
    : painted_(sizes.size(), kUnpainted) {
  size_ = kFence;
  std::vector<size_t> begins;
  std::vector<size_t> lengths;
  for (size_t nbytes : sizes) {
    const size_t guard = GuardBytes(nbytes, guard_bytes);
    begins.push_back(size_);
    lengths.push_back(guard + RoundUp(nbytes + guard, PageBytes()));
    size_ += lengths.back() + kFence;
  }
  void* base = mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(),
                            "cannot reserve address space for the plan's buffers");
  }
  base_ = static_cast<uint8_t*>(base);
  for (size_t i = 0; i < sizes.size(); ++i) {
    uint8_t* low = base_ + begins[i];
    if (mprotect(low, lengths[i], PROT_READ | PROT_WRITE) != 0) {
      const int error = errno;
      munmap(base_, size_);
      throw std::system_error(error, std::generic_category(), "cannot map a buffer of the plan");
    }
    uint8_t* data = low + GuardBytes(sizes[i], guard_bytes);
    slots_.push_back({low, data, data + sizes[i], low + lengths[i]});
  }
}

Arena::~Arena() { munmap(base_, size_); }

void Arena::Paint(int32_t buffer, uint8_t value) {
  if (painted_[buffer] == value) return;
  const Slot& slot = slots_[buffer];
  std::memset(slot.low, value, static_cast<size_t>(slot.data - slot.low));
  std::memset(slot.end, value, static_cast<size_t>(slot.high - slot.end));
  painted_[buffer] = value;
}

}  // namespace mutatenn::runtime
