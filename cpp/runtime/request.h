// One request line of the protocol, parsed.
#ifndef MUTATENN_RUNTIME_REQUEST_H_
#define MUTATENN_RUNTIME_REQUEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/protocol.h"

namespace mutatenn::runtime {

struct Request {
  enum class Kind { kFill, kCheck, kMutant, kProbe, kSteps, kCounted, kVariant };
  Kind kind = Kind::kFill;
  Pattern pattern = kPatternA;  // of a check
  int32_t rows = 0;             // of a check
  int32_t kernel = -1;          // of all but a fill, a check and a variant
  std::string path;             // likewise
  int32_t flags = 0;            // of a probe
  std::vector<int64_t> limits;  // of a counted mutant: steps, one per launch of the kernel
};

// Throws std::runtime_error that quotes the line.
Request ParseRequest(const std::string& line);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_REQUEST_H_
