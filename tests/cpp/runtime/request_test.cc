// Request lines, and lines that are none.
#include "runtime/request.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace mutatenn::runtime {
namespace {

TEST(Request, FillIsOneWord) { EXPECT_EQ(ParseRequest("fill").kind, Request::Kind::kFill); }

TEST(Request, CheckNamesPatternAndRows) {
  const Request request = ParseRequest("check B 3");
  EXPECT_EQ(request.kind, Request::Kind::kCheck);
  EXPECT_EQ(request.pattern, kPatternB);
  EXPECT_EQ(request.rows, 3);
}

TEST(Request, ProbeNamesKernelFlagsAndPath) {
  const Request request = ParseRequest("probe 2 17 /p.so");
  EXPECT_EQ(request.kind, Request::Kind::kProbe);
  EXPECT_EQ(request.kernel, 2);
  EXPECT_EQ(request.flags, 17);
  EXPECT_EQ(request.path, "/p.so");
}

TEST(Request, MutantNamesKernelAndPath) {
  const Request request = ParseRequest("mutant 12 /a%20b/k.so");
  EXPECT_EQ(request.kind, Request::Kind::kMutant);
  EXPECT_EQ(request.kernel, 12);
  EXPECT_EQ(request.path, "/a b/k.so");
}

TEST(Request, StepsNamesKernelAndPath) {
  const Request request = ParseRequest("steps 3 /k.so");
  EXPECT_EQ(request.kind, Request::Kind::kSteps);
  EXPECT_EQ(request.kernel, 3);
  EXPECT_EQ(request.path, "/k.so");
}

TEST(Request, CountedNamesALimitForEachLaunch) {
  const Request request = ParseRequest("counted 1 /a%20b.so 1000000 36028797018963968");
  EXPECT_EQ(request.kind, Request::Kind::kCounted);
  EXPECT_EQ(request.kernel, 1);
  EXPECT_EQ(request.path, "/a b.so");
  EXPECT_EQ(request.limits, (std::vector<int64_t>{1000000, 36028797018963968}));
}

TEST(Request, AnythingElseIsRefused) {
  for (const char* line :
       {"", "fill A", "check", "check C 1", "check A", "check A 1 2", "mutant", "mutant x /k.so",
        "mutant 1", "mutant 1 /a b", "variant 1", "probe 1 /k.so", "probe 1 2", "probe 1 2 /a b", "steps 1",
        "steps 1 /k.so 2", "counted 1", "counted 1 /k.so x", "counted 1 /k.so 5 x", "quit"}) {
    EXPECT_THROW(ParseRequest(line), std::runtime_error) << line;
  }
}

}  // namespace
}  // namespace mutatenn::runtime
