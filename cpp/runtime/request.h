// One request line of the protocol, parsed.
#ifndef MUTATENN_RUNTIME_REQUEST_H_
#define MUTATENN_RUNTIME_REQUEST_H_

#include <cstdint>
#include <string>

#include "runtime/protocol.h"

namespace mutatenn::runtime {

struct Request {
  enum class Kind { kFill, kCheck, kMutant, kProbe };
  Kind kind = Kind::kFill;
  Pattern pattern = kPatternA;  // of a check
  int32_t rows = 0;             // of a check
  int32_t kernel = -1;          // of a mutant or a probe
  int32_t flags = 0;            // of a probe
  std::string path;             // of a mutant or a probe
};

// Throws std::runtime_error that quotes the line.
Request ParseRequest(const std::string& line);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_REQUEST_H_
