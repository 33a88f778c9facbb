// Request lines, and lines that are none.
#include "runtime/request.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mutatenn::runtime {
namespace {

using Names = std::vector<std::pair<int32_t, std::string>>;

Names Named(const Request& request) {
  Names names;
  for (const StandIn& one : request.stand_ins) names.emplace_back(one.kernel, one.path);
  return names;
}

TEST(Request, FillIsOneWord) { EXPECT_EQ(ParseRequest("fill").kind, Request::Kind::kFill); }

TEST(Request, CheckNamesPatternAndRows) {
  const Request request = ParseRequest("check B 3");
  EXPECT_EQ(request.kind, Request::Kind::kCheck);
  EXPECT_EQ(request.pattern, kPatternB);
  EXPECT_EQ(request.rows, 3);
}

TEST(Request, ProbeNamesKernelFlagsAndPath) {
  const Request request = ParseRequest("probe 17 2 /p.so");
  EXPECT_EQ(request.kind, Request::Kind::kProbe);
  EXPECT_EQ(request.flags, 17);
  EXPECT_EQ(Named(request), (Names{{2, "/p.so"}}));
}

TEST(Request, MutantNamesKernelAndPath) {
  const Request request = ParseRequest("mutant 12 /a%20b/k.so");
  EXPECT_EQ(request.kind, Request::Kind::kMutant);
  EXPECT_EQ(Named(request), (Names{{12, "/a b/k.so"}}));
}

TEST(Request, AMutantOfHigherOrderNamesSeveralKernels) {
  const Request request = ParseRequest("mutant 3 /k.so 0 /l.so");
  EXPECT_EQ(Named(request), (Names{{3, "/k.so"}, {0, "/l.so"}}));
}

TEST(Request, StepsNamesKernelAndPath) {
  const Request request = ParseRequest("steps 3 /k.so");
  EXPECT_EQ(request.kind, Request::Kind::kSteps);
  EXPECT_EQ(Named(request), (Names{{3, "/k.so"}}));
}

TEST(Request, CountedNamesALimitForEachLaunch) {
  const Request request = ParseRequest("counted 2 1 /a%20b.so 4 /c 1000000 36028797018963968");
  EXPECT_EQ(request.kind, Request::Kind::kCounted);
  EXPECT_EQ(Named(request), (Names{{1, "/a b.so"}, {4, "/c"}}));
  EXPECT_EQ(request.limits, (std::vector<int64_t>{1000000, 36028797018963968}));
}

TEST(Request, AnythingElseIsRefused) {
  for (const char* line : {"",
                           "fill A",
                           "check",
                           "check C 1",
                           "check A",
                           "check A 1 2",
                           "mutant",
                           "mutant x /k.so",
                           "mutant 1",
                           "mutant 1 /a b",
                           "mutant 1 /a 2",
                           "variant 1",
                           "probe 1 /k.so",
                           "probe 1 2",
                           "probe 1 2 /a b",
                           "steps 1",
                           "steps 1 /k.so 2",
                           "counted 1",
                           "counted 0 5",
                           "counted 1 1",
                           "counted 1 1 /k.so x",
                           "counted 1 1 /k.so 5 x",
                           "counted 2 1 /k.so 5",
                           "quit"}) {
    EXPECT_THROW(ParseRequest(line), std::runtime_error) << line;
  }
}

}  // namespace
}  // namespace mutatenn::runtime
