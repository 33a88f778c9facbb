// The contract between the Python side and the runner: text lines, and structs in shared memory.
//
// The runner is started with the paths of TVM's two libraries and five inherited file descriptors:
//   mutatenn-runner LIBTVM_FFI LIBTVM_RUNTIME PLAN INPUTS WEIGHTS CACHE RESULTS
//
// PLAN holds whitespace-separated tokens (grammar in plan.h). INPUTS, WEIGHTS, CACHE and RESULTS
// hold binary data at the offsets that PLAN gives:
//   INPUTS   each plan input: all rows, one after another
//   WEIGHTS  each weight
//   CACHE    CacheHeader; seconds[row][launch] (float64); golden outputs [output][row];
//            golden activations of the first `rows_cached` rows, `row_stride` bytes a row
//   RESULTS  Header; RowRecord[rows]; WriteRecord[writes_capacity]; int32[flag_capacity];
//            int64[launches]; outputs under pattern A and under pattern B, [output][row]
//
// The runner speaks first, one line:
//   struct VERSION HEADER_BYTES ROW_BYTES WRITE_BYTES
// and then reads one request a line and answers each, the load of the plan included, with one line:
//   (load)                    done ready | done refused MESSAGE
//   fill                      done FATE SECONDS
//   check PATTERN ROWS        done FATE SECONDS | done refused MESSAGE
//   mutant (KERNEL PATH)...   done FATE SECONDS | done refused MESSAGE
//   probe FLAGS KERNEL PATH   done FATE SECONDS | done refused MESSAGE
//   steps KERNEL PATH         done FATE SECONDS | done refused MESSAGE
//   counted COUNT (KERNEL PATH)... LIMIT...   done FATE SECONDS | done refused MESSAGE
//   variant                   done FATE SECONDS | done refused MESSAGE
// A mutant stands in for one kernel or, of higher order, for several; COUNT is how many.
// `fill` is the golden run: it fills CACHE under pattern A. `check` runs the original kernels again
// on the first ROWS rows and compares with CACHE. `probe` calls a kernel that has one more argument
// after its outputs, int32[FLAGS], and leaves that in RESULTS.
// A counted kernel calls `int32_t mutatenn_count_steps(int64_t times, int64_t each)` before it runs
// `times` rounds of `each` steps, from any thread; the runner defines it. `steps` runs a counted
// original and leaves in RESULTS, at the index of each of its launches, the most steps that one
// needs on any row. `counted` runs a mutant as `mutant` does, with one LIMIT for each launch of its
// kernels, in the order of launches: the first launch that takes more steps ends the run with
// kSteps, its limit as message. The time limits of a launch are ten times as long for both.
// `variant` runs the plan's variant (plan.h) as `mutant` runs a mutant.
// PATTERN is A or B; KERNEL an index into the plan's kernels; PATH is percent-encoded; FATE is the
// number that Header.fate holds; MESSAGE is the rest of the line. While a request lasts nothing is
// said, so that a readable pipe means an answer; Header.pulse shows that the runner is alive. End
// of input ends the runner. Runners of one plan may share all files but RESULTS.
#ifndef MUTATENN_RUNTIME_PROTOCOL_H_
#define MUTATENN_RUNTIME_PROTOCOL_H_

#include <cstdint>

namespace mutatenn::runtime {

constexpr uint32_t kMagic = 0x4e4e544d;  // "MTNN"
constexpr uint32_t kVersion = 5;

enum Fate : int32_t {
  kRunning = 0,
  kCompleted = 1,
  kCrash = 2,  // with `signal` 0: a write out of bounds was trapped, see the first WriteRecord
  kHang = 3,   // with a message: the limit of the whole run passed
  kMemory = 4,
  kError = 5,
  kUnstable = 6,  // the original kernels gave another answer than the cache holds
  kLost = 7,      // the child was killed from outside: no fault of the kernel
  kFault = 8,     // the runner's own work failed: no fault of the kernel
  kSteps = 9,     // a counted launch took more steps than its limit, which is the message
};

enum RowState : int32_t { kNotRun = 0, kMasked = 1, kInfected = 2, kPropagated = 3 };

enum RowFlag : uint32_t {
  kReadsUninitialised = 1,  // outputs depend on the fill pattern
  kHasOutputsB = 2,         // the row was run again under pattern B
  kWritesOutOfBounds = 4,
};

enum Side : int32_t { kBefore = 0, kAfter = 1, kInside = 2 };

enum Pattern : int32_t { kPatternA = 0, kPatternB = 1 };

// Stand in place of a buffer's id.
constexpr int32_t kWorkspace = -1;
constexpr int32_t kUnknownBuffer = -2;
constexpr int32_t kFlagBuffer = -3;  // a probe's flags

struct Header {
  uint32_t magic;
  uint32_t version;
  uint64_t beat;         // grows whenever the child enters or leaves a launch
  int64_t deadline_ns;   // CLOCK_MONOTONIC; the server kills the child when it passes
  int32_t row;           // where the child is, or was when it died
  int32_t launch;        //
  int32_t pattern;       //
  int32_t fate;          // Fate
  int32_t signal;        // of a crash
  int32_t buffer;        // that the faulting address is nearest to
  int32_t side;          // Side
  int32_t exhausted;     // 1: a workspace was refused for the memory limit
  int64_t distance;      // bytes from the edge of that buffer's data
  uint64_t address;      // faulting address
  uint32_t writes;       // WriteRecords used
  uint32_t lost_writes;  // that found no room
  uint64_t launches;     // of mutated kernels, begun, repetitions under pattern B included
  uint64_t pulse;        // grows every two seconds while the runner is alive
  char message[416];     // UTF-8, NUL-terminated
};
static_assert(sizeof(Header) == 512, "the Python side reads this struct");

struct RowRecord {
  int32_t state;         // RowState
  int32_t first_launch;  // the first that differed; -1 when masked
  uint32_t flags;        // RowFlag
  int32_t reserved;
};
static_assert(sizeof(RowRecord) == 16, "the Python side reads this struct");

// Writes outside of what a kernel may write, merged per row, buffer and side.
struct WriteRecord {
  int32_t row;
  int32_t launch;  // the first that did it
  int32_t buffer;  // id, kWorkspace or kFlagBuffer
  int32_t side;    // Side; kInside: an input was overwritten
  int32_t pattern;
  int32_t reserved;
  int64_t distance;  // of the farthest changed byte from the data's edge, 1 for the next byte
  int64_t count;     // changed bytes, at most in one launch
};
static_assert(sizeof(WriteRecord) == 40, "the Python side reads this struct");

struct CacheHeader {
  uint32_t magic;
  uint32_t complete;  // 1 once a golden run has filled the cache
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_PROTOCOL_H_
