// The plan as the runner needs it: sizes, offsets and launches, read from whitespace tokens.
//
//   mutatenn-plan 5
//   rows N  rows_cached N  guard_bytes N  oob contain|trap  poison 0|1
//   floor_ms N  factor X  memory_mb N  golden_ms N  total_ms N   (0: no limit)
//   seconds OFFSET  activations OFFSET STRIDE
//   row_records OFFSET  write_records OFFSET CAPACITY  flags OFFSET CAPACITY
//   steps OFFSET
//   buffers N     N times: buffer ROLE NBYTES OFFSET CODE BITS LANES NDIM DIM...
//   kernels N     N times: kernel NAME PATH          (percent-encoded)
//   launches N    N times: launch KERNEL INPUTS OUTPUTS BUFFER...
//   outputs N     N times: output BUFFER GOLDEN A B  (offsets in CACHE, RESULTS, RESULTS)
//   variant N M   N times: mutated|kept MS, then as launch; M times: gives BUFFER
//
// ROLE is input (OFFSET in INPUTS, of row 0), weight (OFFSET in WEIGHTS), activation (OFFSET in
// a cached row) or fresh (OFFSET 0). `outputs` names only activations: other model outputs never
// change.
//
// A plan with M = 0 has no variant. Else the variant is another program over the same data, and M
// is the number of outputs: its launches are those that may differ from golden, in order, numbered
// on from the last of `launches`; MS is the time limit of each in milliseconds. A `kept` one
// computes golden outputs from golden inputs. Outputs in an activation are compared with golden's
// there; `fresh` buffers have no golden data. `gives` says which buffer holds each of `outputs`.
#ifndef MUTATENN_RUNTIME_PLAN_H_
#define MUTATENN_RUNTIME_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mutatenn::runtime {

enum class Role { kInput, kWeight, kActivation, kFresh };

struct BufferInfo {
  Role role;
  size_t nbytes;
  size_t offset;
  uint8_t code;  // DLDataTypeCode
  uint8_t bits;
  uint16_t lanes;
  std::vector<int64_t> shape;
};

struct KernelInfo {
  std::string name;
  std::string path;
};

struct Launch {
  int32_t index;
  int32_t kernel;
  std::vector<int32_t> inputs;
  std::vector<int32_t> outputs;
};

// A launch of a program that is compared with the plan.
struct VariantLaunch {
  Launch launch;
  bool mutated;  // else it gives golden outputs for golden inputs
  int64_t limit_ms;
};

struct OutputInfo {
  int32_t buffer;
  size_t golden;  // offset of row 0
  size_t a;
  size_t b;
};

struct Plan {
  int32_t rows;
  int32_t rows_cached;
  size_t guard_bytes;
  bool trap;    // a mutant's first write out of bounds ends its run
  bool poison;  // outputs, workspaces and the stack hold a pattern before a launch
  int64_t floor_ms;
  double factor;
  int64_t memory_mb;
  int64_t golden_ms;
  int64_t total_ms;
  size_t seconds;
  size_t activations;
  size_t row_stride;
  size_t row_records;
  size_t write_records;
  uint32_t write_capacity;
  size_t flags;
  uint32_t flag_capacity;
  size_t steps;
  std::vector<BufferInfo> buffers;
  std::vector<KernelInfo> kernels;
  std::vector<Launch> launches;
  std::vector<OutputInfo> outputs;
  std::vector<VariantLaunch> variant;
  std::vector<int32_t> variant_outputs;  // per output: the buffer that holds it; empty: no variant
};

// Sizes of the memory files, to check every offset of a plan against.
struct FileSizes {
  size_t inputs;
  size_t weights;
  size_t cache;
  size_t results;
};

// Throws std::runtime_error naming the token that was expected.
Plan ParsePlan(const std::string& text);

// Throws std::runtime_error naming the first buffer or launch that does not fit.
void CheckPlan(const Plan& plan, const FileSizes& files);

// Undoes percent-encoding. Throws std::runtime_error at a broken escape.
std::string PercentDecode(const std::string& text);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_PLAN_H_
