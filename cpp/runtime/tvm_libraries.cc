// Opens TVM's libraries, looks symbols up and takes errors out.
#include "runtime/tvm_libraries.h"

#include <dlfcn.h>
#include <tvm/ffi/c_api.h>

#include <stdexcept>

namespace mutatenn::runtime {
namespace {

void* Open(const std::string& path) {
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (handle == nullptr) throw std::runtime_error(std::string("cannot load ") + dlerror());
  return handle;
}

std::string Text(const TVMFFIByteArray& bytes) { return std::string(bytes.data, bytes.size); }

}  // namespace

TvmLibraries::TvmLibraries(const std::string& ffi_path, const std::string& runtime_path)
    : ffi_(Open(ffi_path)), runtime_(Open(runtime_path)) {}

void* TvmLibraries::Find(const std::string& name) const {
  void* address = dlsym(ffi_, name.c_str());
  return address != nullptr ? address : dlsym(runtime_, name.c_str());
}

void TvmLibraries::RaiseFirstError() const {
  using SetRaised = void (*)(const char* kind, const char* message);
  const auto raise = reinterpret_cast<SetRaised>(Find("TVMFFIErrorSetRaisedFromCStr"));
  if (raise == nullptr) throw std::runtime_error("TVM lacks TVMFFIErrorSetRaisedFromCStr");
  raise("RuntimeError", "the first error");
  TakeError();
}

std::string TvmLibraries::TakeError() const {
  using MoveFromRaised = void (*)(TVMFFIObjectHandle*);
  const auto move = reinterpret_cast<MoveFromRaised>(Find("TVMFFIErrorMoveFromRaised"));
  TVMFFIObjectHandle error = nullptr;
  if (move != nullptr) move(&error);
  if (error == nullptr) return "the kernel gave no message";
  // At most two errors are taken in a process, so the object's reference is not given back.
  const auto* cell = reinterpret_cast<const TVMFFIErrorCell*>(static_cast<const char*>(error) +
                                                              sizeof(TVMFFIObject));
  return Text(cell->kind) + ": " + Text(cell->message);
}

}  // namespace mutatenn::runtime
