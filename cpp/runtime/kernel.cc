// Opens a kernel's library and connects it to its host.
#include "runtime/kernel.h"

#include <dlfcn.h>

#include <stdexcept>

#include "runtime/elf.h"

namespace mutatenn::runtime {
namespace {

constexpr char kEntry[] = "__tvm_ffi_mutatenn_kernel";
constexpr char kContextPrefix[] = "__TVM";

void* Resolve(const std::string& name, const TvmLibraries& libraries,
              const std::vector<HostHook>& hooks) {
  for (const HostHook& hook : hooks) {
    if (name == hook.name) return hook.address;
  }
  return libraries.Find(name);
}

}  // namespace

Kernel::Kernel(const std::string& path, const TvmLibraries& libraries,
               const std::vector<HostHook>& hooks) {
  const std::vector<std::string> symbols = DefinedSymbols(path);
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw std::runtime_error(std::string("cannot load ") + dlerror());
  for (const std::string& symbol : symbols) {
    if (symbol.rfind(kContextPrefix, 0) != 0) continue;
    void* address = Resolve(symbol.substr(2), libraries, hooks);
    if (address == nullptr) {
      throw std::runtime_error(path + " needs " + symbol.substr(2) + ", which TVM's runtime lacks");
    }
    *static_cast<void**>(dlsym(handle, symbol.c_str())) = address;
  }
  entry_ = reinterpret_cast<TVMFFISafeCallType>(dlsym(handle, kEntry));
  if (entry_ == nullptr) throw std::runtime_error(path + " has no symbol " + kEntry);
}

}  // namespace mutatenn::runtime
