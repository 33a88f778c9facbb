// One request line of the protocol, parsed.
#ifndef MUTATENN_RUNTIME_REQUEST_H_
#define MUTATENN_RUNTIME_REQUEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/protocol.h"

namespace mutatenn::runtime {

// A kernel of the plan, by index, and the library of the one that stands in for it.
struct StandIn {
  int32_t kernel;
  std::string path;
};

struct Request {
  enum class Kind { kFill, kCheck, kMutant, kProbe, kSteps, kCounted, kVariant };
  Kind kind = Kind::kFill;
  Pattern pattern = kPatternA;  // of a check
  int32_t rows = 0;             // of a check
  // Of a mutant, one or more kernels, each once; of a probe and of steps, one.
  std::vector<StandIn> stand_ins;
  int32_t flags = 0;            // of a probe
  std::vector<int64_t> limits;  // of a counted mutant: steps, one per launch of the kernels
};

// Throws std::runtime_error that quotes the line.
Request ParseRequest(const std::string& line);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_REQUEST_H_
