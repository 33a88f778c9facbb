// One request line of the protocol, parsed.
#ifndef MUTATENN_RUNTIME_REQUEST_H_
#define MUTATENN_RUNTIME_REQUEST_H_

#include <cstdint>
#include <string>

#include "runtime/protocol.h"

namespace mutatenn::runtime {

struct Request {
  enum class Kind { kGolden, kMutant };
  Kind kind = Kind::kGolden;
  Pattern pattern = kPatternA;  // of a golden run
  int32_t kernel = -1;          // of a mutant
  std::string path;
};

// Throws std::runtime_error that quotes the line.
Request ParseRequest(const std::string& line);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_REQUEST_H_
