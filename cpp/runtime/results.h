// The results file as a child writes it: where it is, what each row did, how it ended.
#ifndef MUTATENN_RUNTIME_RESULTS_H_
#define MUTATENN_RUNTIME_RESULTS_H_

#include <cstdint>
#include <limits>
#include <mutex>
#include <string>

#include "runtime/arena.h"
#include "runtime/mapped_file.h"
#include "runtime/plan.h"
#include "runtime/protocol.h"

namespace mutatenn::runtime {

// Monotonic time in nanoseconds.
int64_t NowNs();

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

class Results {
 public:
  Results(const MappedFile& file, const Plan& plan) : base_(file.data()), plan_(plan) {}

  // Empties header and row records; outputs are left, no record points at them.
  void Clear(int64_t deadline_ns);

  Header& header() { return *reinterpret_cast<Header*>(base_); }
  RowRecord& row(int32_t row);
  WriteRecord& write(uint32_t index);
  // `output` indexes Plan::outputs.
  uint8_t* output(size_t output, int32_t row, Pattern pattern);
  int32_t* flags();
  int64_t* steps();  // by index of launch

  // The heartbeat: the child enters a launch, or leaves it for its own work.
  void Enter(int32_t row, int32_t launch, Pattern pattern, int64_t deadline_ns);
  void Leave(int64_t deadline_ns);

  // Records a write at the current row, launch and pattern. Safe from any thread.
  void RecordWrite(int32_t buffer, Side side, const Damage& damage);

  // Cut to the room that there is.
  void SetMessage(const std::string& message);

  // Ends this process as a crash when a write has been recorded.
  void StopAtWrite();

  // Ends this process. A fate that is already there stays.
  [[noreturn]] void Stop(Fate fate, const std::string& message);

 private:
  uint8_t* base_;
  const Plan& plan_;
  std::mutex mutex_;
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_RESULTS_H_
