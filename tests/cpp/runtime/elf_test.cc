// Symbols of libraries, and files that are none.
#include "runtime/elf.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

namespace mutatenn::runtime {
namespace {

TEST(DefinedSymbols, ListsWhatALibraryExports) {
  Dl_info info = {};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(static_cast<float (*)(float)>(&::expf)), &info), 0);
  const std::vector<std::string> names = DefinedSymbols(info.dli_fname);
  EXPECT_NE(std::find(names.begin(), names.end(), "expf"), names.end());
  EXPECT_EQ(std::find(names.begin(), names.end(), "malloc"), names.end());
}

TEST(DefinedSymbols, AnotherFileIsRefused) {
  const std::string path = testing::TempDir() + "/text.so";
  std::ofstream(path) << "no library";
  EXPECT_THROW(DefinedSymbols(path), std::runtime_error);
  EXPECT_THROW(DefinedSymbols(path + ".absent"), std::runtime_error);
}

TEST(DefinedSymbols, ATruncatedLibraryIsRefused) {
  Dl_info info = {};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(static_cast<float (*)(float)>(&::expf)), &info), 0);
  std::ifstream whole(info.dli_fname, std::ios::binary);
  std::string head(1000, '\0');
  whole.read(head.data(), 1000);
  const std::string path = testing::TempDir() + "/short.so";
  std::ofstream(path, std::ios::binary) << head;
  EXPECT_THROW(DefinedSymbols(path), std::runtime_error);
}

}  // namespace
}  // namespace mutatenn::runtime
