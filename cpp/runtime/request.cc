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

// A kernel and the path of its library, if the stream gives both.
void TakeStandIn(std::istringstream& stream, Request& request) {
  int32_t kernel = -1;
  std::string path;
  stream >> kernel >> path;
  request.stand_ins.push_back({kernel, PercentDecode(path)});
}

// The numbers up to the end of the line; the stream has failed if something else stands there.
std::vector<int64_t> TakeLimits(std::istringstream& stream) {
  std::vector<int64_t> limits;
  int64_t limit = 0;
  while (!stream.eof() && stream >> limit) limits.push_back(limit);
  return limits;
}

}  // namespace

Request ParseRequest(const std::string& line) {
  std::istringstream stream(line);
  std::string word;
  std::string pattern = "A";
  Request request;
  stream >> word;
  if (word == "fill") {
    request.kind = Request::Kind::kFill;
  } else if (word == "check") {
    request.kind = Request::Kind::kCheck;
    stream >> pattern >> request.rows;
  } else if (word == "mutant") {
    request.kind = Request::Kind::kMutant;
    do TakeStandIn(stream, request);
    while (stream && !stream.eof());
  } else if (word == "probe") {
    request.kind = Request::Kind::kProbe;
    stream >> request.flags;
    TakeStandIn(stream, request);
  } else if (word == "steps") {
    request.kind = Request::Kind::kSteps;
    TakeStandIn(stream, request);
  } else if (word == "counted") {
    request.kind = Request::Kind::kCounted;
    int32_t count = 0;
    stream >> count;
    if (count < 1) throw std::runtime_error("not the words of a request: " + line);
    for (; stream && count > 0; --count) TakeStandIn(stream, request);
    request.limits = TakeLimits(stream);
  } else if (word == "variant") {
    request.kind = Request::Kind::kVariant;
  } else {
    throw std::runtime_error("no such request: " + line);
  }
  std::string extra;
  if (!stream || stream >> extra) throw std::runtime_error("not the words of a request: " + line);
  request.pattern = ParsePattern(pattern, line);
  return request;
}

}  // namespace mutatenn::runtime
