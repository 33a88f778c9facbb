#include "runtime/request.h"

#include <sstream>
#include <stdexcept>

#include "runtime/plan.h"

namespace mutatenn::runtime {

Request ParseRequest(const std::string& line) {
  std::istringstream stream(line);
  std::string word;
  std::string extra;
  Request request;
  stream >> word;
  if (word == "golden") {
    std::string pattern;
    stream >> pattern;
    if ((pattern == "A" || pattern == "B") && !(stream >> extra)) {
      request.pattern = pattern == "A" ? kPatternA : kPatternB;
      return request;
    }
  } else if (word == "mutant") {
    request.kind = Request::Kind::kMutant;
    std::string path;
    if (stream >> request.kernel >> path && !(stream >> extra)) {
      request.path = PercentDecode(path);
      return request;
    }
  }
  throw std::runtime_error("no such request: " + line);
}

}  // namespace mutatenn::runtime
