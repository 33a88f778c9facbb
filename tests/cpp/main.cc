// Fills TVM's registry as `import tvm` does, then runs the engine's tests.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const char* name : {"libtvm_runtime.so", "libtvm_compiler.so"}) {
    std::string path = std::string(TVM_LIBRARIES) + "/" + name;
    if (dlopen(path.c_str(), RTLD_LAZY | RTLD_GLOBAL) == nullptr) {
      std::fprintf(stderr, "TVM's library cannot be loaded: %s\n", dlerror());
      return 1;
    }
  }
  return RUN_ALL_TESTS();
}
