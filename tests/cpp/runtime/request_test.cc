#include "runtime/request.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mutatenn::runtime {
namespace {

TEST(Request, GoldenNamesItsPattern) {
  const Request request = ParseRequest("golden B");
  EXPECT_EQ(request.kind, Request::Kind::kGolden);
  EXPECT_EQ(request.pattern, kPatternB);
}

TEST(Request, MutantNamesKernelAndPath) {
  const Request request = ParseRequest("mutant 12 /a%20b/k.so");
  EXPECT_EQ(request.kind, Request::Kind::kMutant);
  EXPECT_EQ(request.kernel, 12);
  EXPECT_EQ(request.path, "/a b/k.so");
}

TEST(Request, AnythingElseIsRefused) {
  for (const char* line : {"", "golden", "golden C", "golden A B", "mutant", "mutant x /k.so",
                           "mutant 1", "mutant 1 /a b", "quit"}) {
    EXPECT_THROW(ParseRequest(line), std::runtime_error) << line;
  }
}

}  // namespace
}  // namespace mutatenn::runtime
