// Splits a request line into its words.
#include "runtime/request.h"

#include <sstream>
#include <stdexcept>

#include "runtime/plan.h"

namespace mutatenn::runtime {
namespace {

Pattern ParsePattern(const std::string& word, const std::string& line) {
  if (word != "A" && word != "B") throw std::runtime_error("no such pattern: " + line);
  return word == "A" ? kPatternA : kPatternB;
}

}  // namespace

Request ParseRequest(const std::string& line) {
  std::istringstream stream(line);
  std::string word;
  std::string pattern = "A";
  std::string path;
  Request request;
  stream >> word;
  if (word == "fill") {
    request.kind = Request::Kind::kFill;
  } else if (word == "check") {
    request.kind = Request::Kind::kCheck;
    stream >> pattern >> request.rows;
  } else if (word == "mutant") {
    request.kind = Request::Kind::kMutant;
    stream >> request.kernel >> path;
  } else if (word == "probe") {
    request.kind = Request::Kind::kProbe;
    stream >> request.kernel >> request.flags >> path;
  } else {
    throw std::runtime_error("no such request: " + line);
  }
  std::string extra;
  if (!stream || stream >> extra) throw std::runtime_error("not the words of a request: " + line);
  request.pattern = ParsePattern(pattern, line);
  request.path = PercentDecode(path);
  return request;
}

}  // namespace mutatenn::runtime
