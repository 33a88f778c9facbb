// Loading kernels: hooks, context symbols, what is missing.
#include "runtime/kernel.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace mutatenn::runtime {
namespace {

void* AllocNothing(int, int, uint64_t, int, int) { return nullptr; }
void* AllocOne(int, int, uint64_t nbytes, int, int) {
  static uint8_t memory[48];
  return nbytes == sizeof(memory) ? memory : nullptr;
}

// TVM's libraries are not needed to load a kernel whose symbols the hooks cover.
struct KernelTest : testing::Test {
  TvmLibraries libraries{"libc.so.6", "libm.so.6"};

  std::string LoadError(const std::string& path) {
    try {
      const Kernel kernel(path, libraries, {});
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(KernelTest, CallsTheHooksThatItWasLoadedWith) {
  const HostHook one = {"TVMBackendAllocWorkspace", reinterpret_cast<void*>(&AllocOne)};
  EXPECT_EQ(Kernel(SOUND_KERNEL, libraries, {one}).Call({}), 0);
}

TEST_F(KernelTest, ReturnsTheStatusOfTheCall) {
  const HostHook none = {"TVMBackendAllocWorkspace", reinterpret_cast<void*>(&AllocNothing)};
  EXPECT_EQ(Kernel(SOUND_KERNEL, libraries, {none}).Call({}), 1);
}

TEST_F(KernelTest, AContextSymbolThatNobodyHasIsNamed) {
  const std::string error = LoadError(NEEDY_KERNEL);
  EXPECT_NE(error.find("needs TVMNoSuchFunction, which TVM's runtime lacks"), std::string::npos)
      << error;
}

TEST_F(KernelTest, ALibraryWithoutTheEntryIsRefused) {
  const std::string error = LoadError(ENTRYLESS_KERNEL);
  EXPECT_NE(error.find("has no symbol __tvm_ffi_mutatenn_kernel"), std::string::npos) << error;
}

TEST_F(KernelTest, AMissingTvmLibraryIsNamed) {
  try {
    const TvmLibraries missing("libc.so.6", "/nowhere/libtvm_runtime.so");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/libtvm_runtime.so"), std::string::npos);
  }
}

TEST_F(KernelTest, ATvmThatRaisesNoErrorsIsRefused) {
  EXPECT_THROW(libraries.RaiseFirstError(), std::runtime_error);
}

}  // namespace
}  // namespace mutatenn::runtime
