// One compiled kernel, loaded from its own shared object.
#ifndef MUTATENN_RUNTIME_KERNEL_H_
#define MUTATENN_RUNTIME_KERNEL_H_

#include <tvm/ffi/c_api.h>

#include <string>
#include <vector>

#include "runtime/tvm_libraries.h"
#include "runtime/workspace.h"

namespace mutatenn::runtime {

class Kernel {
 public:
  // Loads the object and sets the context symbols that it leaves open (`__TVM...`): from `hooks`
  // first, from TVM's libraries else. The object stays loaded until the process ends, for pool
  // threads may still be in its code. Throws std::runtime_error naming what is missing.
  Kernel(const std::string& path, const TvmLibraries& libraries,
         const std::vector<HostHook>& hooks);

  // Zero, or the kernel raised an error.
  int Call(const std::vector<TVMFFIAny>& arguments) const {
    TVMFFIAny result = {};
    return entry_(nullptr, arguments.data(), static_cast<int32_t>(arguments.size()), &result);
  }

 private:
  TVMFFISafeCallType entry_;
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_KERNEL_H_
