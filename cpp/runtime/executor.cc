// Builds a launch's tensors, fills memory before the call and inspects it afterwards.
#include "runtime/executor.h"

#include <cstring>
#include <utility>

namespace mutatenn::runtime {
namespace {

std::vector<int64_t> CompactStrides(const std::vector<int64_t>& shape) {
  std::vector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i > 1; --i) strides[i - 2] = strides[i - 1] * shape[i - 1];
  return strides;
}

}  // namespace

Executor::Executor(const Plan& plan, Arena& arena, WorkspacePool& pool,
                   const TvmLibraries& libraries, Results& results, Deadlines deadlines)
    : plan_(plan),
      arena_(arena),
      pool_(pool),
      libraries_(libraries),
      results_(results),
      deadlines_(std::move(deadlines)) {
  for (const BufferInfo& buffer : plan.buffers) strides_.push_back(CompactStrides(buffer.shape));
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    const BufferInfo& buffer = plan.buffers[i];
    DLTensor tensor = {};
    tensor.data = arena.slot(static_cast<int32_t>(i)).data;
    tensor.device = {kDLCPU, 0};
    tensor.ndim = static_cast<int32_t>(buffer.shape.size());
    tensor.dtype = {buffer.code, buffer.bits, buffer.lanes};
    // The call only reads them.
    tensor.shape = const_cast<int64_t*>(buffer.shape.data());
    tensor.strides = strides_[i].data();
    tensors_.push_back(tensor);
  }
}

double Executor::Run(const Launch& launch, const Kernel& kernel, int32_t row, Pattern pattern,
                     bool inspect, DLTensor* extra) {
  const uint8_t value = PatternByte(pattern);
  std::vector<TVMFFIAny> arguments;
  const auto pass_tensor = [&](DLTensor* tensor) {
    TVMFFIAny argument = {};
    argument.type_index = kTVMFFIDLTensorPtr;
    argument.v_ptr = tensor;
    arguments.push_back(argument);
  };
  const auto pass = [&](int32_t buffer) {
    arena_.Paint(buffer, value);
    pass_tensor(&tensors_[buffer]);
  };
  for (int32_t buffer : launch.inputs) pass(buffer);
  for (int32_t buffer : launch.outputs) {
    pass(buffer);
    if (!plan_.poison) continue;
    std::memset(arena_.slot(buffer).data, value, plan_.buffers[buffer].nbytes);
  }
  if (extra != nullptr) pass_tensor(extra);
  pool_.BeginLaunch(pattern, inspect, plan_.poison);
  results_.Enter(row, launch.index, pattern, deadlines_.OfLaunch(launch.index));
  if (plan_.poison) PaintStack(value);
  const int64_t begin = NowNs();
  const int status = kernel.Call(arguments);
  const int64_t end = NowNs();
  results_.Leave(deadlines_.Between());
  pool_.EndLaunch();
  if (status != 0) {
    if (results_.header().exhausted != 0) results_.Stop(kMemory, "a workspace was refused");
    results_.Stop(kError, libraries_.TakeError());
  }
  if (inspect) {
    const auto look = [&](int32_t buffer) {
      arena_.Inspect(buffer, [&](Side side, const Damage& damage) {
        results_.RecordWrite(buffer, side, damage);
      });
    };
    for (int32_t buffer : launch.inputs) look(buffer);
    for (int32_t buffer : launch.outputs) look(buffer);
  }
  return static_cast<double>(end - begin) * 1e-9;
}

}  // namespace mutatenn::runtime
