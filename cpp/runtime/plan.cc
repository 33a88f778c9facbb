// Reads the tokens of a plan, and checks every offset against the memory files.
#include "runtime/plan.h"

#include <sstream>
#include <stdexcept>

#include "runtime/protocol.h"

namespace mutatenn::runtime {
namespace {

class Tokens {
 public:
  explicit Tokens(const std::string& text) : stream_(text) {}

  void Expect(const std::string& word) {
    std::string got;
    if (!(stream_ >> got) || got != word) Fail("'" + word + "'", got);
  }

  template <typename Value>
  Value Get(const std::string& what) {
    Value value{};
    if (!(stream_ >> value)) Fail(what, "");
    return value;
  }

  // `word` and the value after it.
  template <typename Value>
  Value Field(const std::string& word) {
    Expect(word);
    return Get<Value>("the value after '" + word + "'");
  }

 private:
  [[noreturn]] void Fail(const std::string& wanted, const std::string& got) {
    throw std::runtime_error("the plan lacks " + wanted + (got.empty() ? "" : " before " + got));
  }
  std::istringstream stream_;
};

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Role ParseRole(const std::string& word) {
  if (word == "input") return Role::kInput;
  if (word == "weight") return Role::kWeight;
  if (word == "activation") return Role::kActivation;
  if (word == "fresh") return Role::kFresh;
  throw std::runtime_error("the plan has a buffer of role '" + word + "'");
}

bool ParseTrap(const std::string& word) {
  if (word != "contain" && word != "trap") {
    throw std::runtime_error("the plan has oob '" + word + "', which is neither contain nor trap");
  }
  return word == "trap";
}

BufferInfo ParseBuffer(Tokens& tokens) {
  BufferInfo buffer;
  tokens.Expect("buffer");
  buffer.role = ParseRole(tokens.Get<std::string>("a buffer's role"));
  buffer.nbytes = tokens.Get<size_t>("a buffer's size");
  buffer.offset = tokens.Get<size_t>("a buffer's offset");
  buffer.code = static_cast<uint8_t>(tokens.Get<int>("a buffer's type code"));
  buffer.bits = static_cast<uint8_t>(tokens.Get<int>("a buffer's bits"));
  buffer.lanes = static_cast<uint16_t>(tokens.Get<int>("a buffer's lanes"));
  const auto ndim = tokens.Get<size_t>("a buffer's rank");
  for (size_t i = 0; i < ndim; ++i) buffer.shape.push_back(tokens.Get<int64_t>("a dimension"));
  return buffer;
}

Launch ParseLaunch(Tokens& tokens, int32_t index) {
  Launch launch;
  launch.index = index;
  launch.kernel = tokens.Field<int32_t>("launch");
  const auto inputs = tokens.Get<size_t>("a launch's number of inputs");
  const auto outputs = tokens.Get<size_t>("a launch's number of outputs");
  for (size_t i = 0; i < inputs; ++i) launch.inputs.push_back(tokens.Get<int32_t>("an input"));
  for (size_t i = 0; i < outputs; ++i) launch.outputs.push_back(tokens.Get<int32_t>("an output"));
  return launch;
}

VariantLaunch ParseVariantLaunch(Tokens& tokens, int32_t index) {
  VariantLaunch variant;
  const auto word = tokens.Get<std::string>("'mutated' or 'kept'");
  if (word != "mutated" && word != "kept") {
    throw std::runtime_error("the plan has a launch that is '" + word +
                             "', which is neither mutated nor kept");
  }
  variant.mutated = word == "mutated";
  variant.limit_ms = tokens.Get<int64_t>("a launch's time limit");
  variant.launch = ParseLaunch(tokens, index);
  return variant;
}

// Do `count` items of `nbytes` from `offset` on lie inside a file of `size` bytes?
bool Fits(size_t offset, size_t nbytes, size_t count, size_t size) {
  return offset <= size && (nbytes == 0 || count <= (size - offset) / nbytes);
}

void Require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error("the plan does not fit its memory files: " + what);
}

}  // namespace

std::string PercentDecode(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
    if (high < 0 || low < 0) throw std::runtime_error("broken percent-encoding in " + text);
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

Plan ParsePlan(const std::string& text) {
  Tokens tokens(text);
  Plan plan;
  if (tokens.Field<uint32_t>("mutatenn-plan") != kVersion) {
    throw std::runtime_error("the plan is written in another version of the protocol");
  }
  plan.rows = tokens.Field<int32_t>("rows");
  plan.rows_cached = tokens.Field<int32_t>("rows_cached");
  plan.guard_bytes = tokens.Field<size_t>("guard_bytes");
  plan.trap = ParseTrap(tokens.Field<std::string>("oob"));
  plan.poison = tokens.Field<int32_t>("poison") != 0;
  plan.floor_ms = tokens.Field<int64_t>("floor_ms");
  plan.factor = tokens.Field<double>("factor");
  plan.memory_mb = tokens.Field<int64_t>("memory_mb");
  plan.golden_ms = tokens.Field<int64_t>("golden_ms");
  plan.total_ms = tokens.Field<int64_t>("total_ms");
  plan.seconds = tokens.Field<size_t>("seconds");
  plan.activations = tokens.Field<size_t>("activations");
  plan.row_stride = tokens.Get<size_t>("the stride of a cached row");
  plan.row_records = tokens.Field<size_t>("row_records");
  plan.write_records = tokens.Field<size_t>("write_records");
  plan.write_capacity = tokens.Get<uint32_t>("the capacity for write records");
  plan.flags = tokens.Field<size_t>("flags");
  plan.flag_capacity = tokens.Get<uint32_t>("the capacity for flags");
  plan.steps = tokens.Field<size_t>("steps");
  const auto buffers = tokens.Field<size_t>("buffers");
  for (size_t i = 0; i < buffers; ++i) plan.buffers.push_back(ParseBuffer(tokens));
  const auto kernels = tokens.Field<size_t>("kernels");
  for (size_t i = 0; i < kernels; ++i) {
    tokens.Expect("kernel");
    const std::string name = PercentDecode(tokens.Get<std::string>("a kernel's name"));
    plan.kernels.push_back({name, PercentDecode(tokens.Get<std::string>("a kernel's path"))});
  }
  const auto launches = tokens.Field<size_t>("launches");
  for (size_t i = 0; i < launches; ++i) {
    plan.launches.push_back(ParseLaunch(tokens, static_cast<int32_t>(i)));
  }
  const auto outputs = tokens.Field<size_t>("outputs");
  for (size_t i = 0; i < outputs; ++i) {
    OutputInfo output;
    output.buffer = tokens.Field<int32_t>("output");
    output.golden = tokens.Get<size_t>("a golden output's offset");
    output.a = tokens.Get<size_t>("an output's offset");
    output.b = tokens.Get<size_t>("a second output's offset");
    plan.outputs.push_back(output);
  }
  const auto variant = tokens.Field<size_t>("variant");
  const auto variant_outputs = tokens.Get<size_t>("the variant's number of outputs");
  for (size_t i = 0; i < variant; ++i) {
    plan.variant.push_back(ParseVariantLaunch(tokens, static_cast<int32_t>(launches + i)));
  }
  for (size_t i = 0; i < variant_outputs; ++i) {
    plan.variant_outputs.push_back(tokens.Field<int32_t>("gives"));
  }
  return plan;
}

void CheckPlan(const Plan& plan, const FileSizes& files) {
  Require(plan.rows >= 0 && plan.rows_cached >= 0 && plan.rows_cached <= plan.rows, "rows");
  const auto rows = static_cast<size_t>(plan.rows);
  const auto buffers = static_cast<int32_t>(plan.buffers.size());
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    const BufferInfo& buffer = plan.buffers[i];
    const std::string name = "buffer " + std::to_string(i);
    if (buffer.role == Role::kInput) {
      Require(Fits(buffer.offset, buffer.nbytes, rows, files.inputs), name);
    } else if (buffer.role == Role::kWeight) {
      Require(Fits(buffer.offset, buffer.nbytes, 1, files.weights), name);
    } else if (buffer.role == Role::kActivation) {
      Require(Fits(buffer.offset, buffer.nbytes, 1, plan.row_stride), name);
    }
  }
  const auto check_launch = [&](const Launch& launch, bool mutated) {
    const std::string name = "launch " + std::to_string(launch.index);
    Require(launch.kernel >= 0 && launch.kernel < static_cast<int32_t>(plan.kernels.size()), name);
    for (int32_t id : launch.inputs) Require(id >= 0 && id < buffers, name);
    for (int32_t id : launch.outputs) {
      Require(id >= 0 && id < buffers, name);
      const Role role = plan.buffers[id].role;
      Require(role == Role::kActivation || (mutated && role == Role::kFresh), name);
    }
  };
  for (const Launch& launch : plan.launches) check_launch(launch, /*mutated=*/false);
  for (const VariantLaunch& variant : plan.variant) check_launch(variant.launch, variant.mutated);
  const bool gives = plan.variant_outputs.empty()
                         ? plan.variant.empty()
                         : plan.variant_outputs.size() == plan.outputs.size();
  Require(gives, "the variant's outputs");
  for (size_t i = 0; i < plan.variant_outputs.size(); ++i) {
    const int32_t id = plan.variant_outputs[i];
    Require(id >= 0 && id < buffers, "a variant's output");
    Require(plan.outputs[i].buffer >= 0 && plan.outputs[i].buffer < buffers &&
                plan.buffers[id].nbytes == plan.buffers[plan.outputs[i].buffer].nbytes,
            "a variant's output");
  }
  const size_t row_seconds = plan.launches.size() * sizeof(double);
  Require(files.cache >= sizeof(CacheHeader), "cache header");
  Require(Fits(plan.seconds, row_seconds, rows, files.cache), "seconds");
  Require(
      Fits(plan.activations, plan.row_stride, static_cast<size_t>(plan.rows_cached), files.cache),
      "cached rows");
  Require(files.results >= sizeof(Header), "results header");
  Require(Fits(plan.row_records, sizeof(RowRecord), rows, files.results), "row records");
  Require(Fits(plan.write_records, sizeof(WriteRecord), plan.write_capacity, files.results),
          "write records");
  Require(Fits(plan.flags, sizeof(int32_t), plan.flag_capacity, files.results), "flags");
  Require(Fits(plan.steps, sizeof(int64_t), plan.launches.size(), files.results), "steps");
  for (const OutputInfo& output : plan.outputs) {
    const std::string name = "output in buffer " + std::to_string(output.buffer);
    Require(output.buffer >= 0 && output.buffer < buffers, name);
    const BufferInfo& buffer = plan.buffers[output.buffer];
    Require(buffer.role == Role::kActivation, name);
    Require(Fits(output.golden, buffer.nbytes, rows, files.cache), name);
    Require(Fits(output.a, buffer.nbytes, rows, files.results), name);
    Require(Fits(output.b, buffer.nbytes, rows, files.results), name);
  }
}

}  // namespace mutatenn::runtime
