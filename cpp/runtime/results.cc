// Writes the header, the records and the heartbeat into the results file.
#include "runtime/results.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace mutatenn::runtime {

int64_t NowNs() {
  struct timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

void Results::Clear(int64_t deadline_ns) {
  Header& head = header();
  std::memset(&head, 0, sizeof(head));
  head.magic = kMagic;
  head.version = kVersion;
  head.deadline_ns = deadline_ns;
  head.row = head.launch = -1;
  head.buffer = kUnknownBuffer;
  for (int32_t i = 0; i < plan_.rows; ++i) row(i) = {kNotRun, -1, 0, 0};
}

RowRecord& Results::row(int32_t row) {
  return reinterpret_cast<RowRecord*>(base_ + plan_.row_records)[row];
}

WriteRecord& Results::write(uint32_t index) {
  return reinterpret_cast<WriteRecord*>(base_ + plan_.write_records)[index];
}

uint8_t* Results::output(size_t output, int32_t row, Pattern pattern) {
  const OutputInfo& info = plan_.outputs[output];
  const size_t nbytes = plan_.buffers[info.buffer].nbytes;
  return base_ + (pattern == kPatternA ? info.a : info.b) + static_cast<size_t>(row) * nbytes;
}

int32_t* Results::flags() { return reinterpret_cast<int32_t*>(base_ + plan_.flags); }

int64_t* Results::steps() { return reinterpret_cast<int64_t*>(base_ + plan_.steps); }

void Results::Enter(int32_t row, int32_t launch, Pattern pattern, int64_t deadline_ns) {
  Header& head = header();
  head.row = row;
  head.launch = launch;
  head.pattern = pattern;
  Leave(deadline_ns);
}

void Results::Leave(int64_t deadline_ns) {
  Header& head = header();
  __atomic_store_n(&head.deadline_ns, deadline_ns, __ATOMIC_RELEASE);
  __atomic_add_fetch(&head.beat, 1, __ATOMIC_ACQ_REL);
}

void Results::RecordWrite(int32_t buffer, Side side, const Damage& damage) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Header& head = header();
  if (head.row >= 0) row(head.row).flags |= kWritesOutOfBounds;
  // Records of one row are neighbours, so a search from the end stays short.
  for (uint32_t i = head.writes; i > 0 && write(i - 1).row == head.row; --i) {
    WriteRecord& old = write(i - 1);
    if (old.buffer != buffer || old.side != side) continue;
    old.distance = std::max(old.distance, damage.distance);
    old.count = std::max(old.count, damage.count);
    return;
  }
  if (head.writes >= plan_.write_capacity) {
    ++head.lost_writes;
    return;
  }
  write(head.writes) = {head.row,     head.launch, buffer,          side,
                        head.pattern, 0,           damage.distance, damage.count};
  ++head.writes;
}

void Results::StopAtWrite() {
  const Header& head = header();
  if (head.writes != 0 || head.lost_writes != 0) Stop(kCrash, "");
}

void Results::SetMessage(const std::string& message) {
  Header& head = header();
  const size_t length = std::min(message.size(), sizeof(head.message) - 1);
  std::memcpy(head.message, message.data(), length);
  head.message[length] = '\0';
}

void Results::Stop(Fate fate, const std::string& message) {
  Header& head = header();
  if (head.fate == kRunning) {
    SetMessage(message);
    head.fate = fate;
  }
  _exit(0);
}

}  // namespace mutatenn::runtime
