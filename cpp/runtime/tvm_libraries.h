// TVM's runtime libraries, opened at run time for the kernels to use.
#ifndef MUTATENN_RUNTIME_TVM_LIBRARIES_H_
#define MUTATENN_RUNTIME_TVM_LIBRARIES_H_

#include <string>

namespace mutatenn::runtime {

class TvmLibraries {
 public:
  // Opens both with their symbols visible to kernels; they stay open until the process ends.
  // Throws std::runtime_error naming the library that cannot be opened.
  TvmLibraries(const std::string& ffi_path, const std::string& runtime_path);

  // Address of a symbol of either library, or null.
  void* Find(const std::string& name) const;

  // Raises an error and takes it away. The first traceback of a process reads the symbols of every
  // library, which takes longer than a launch may: done before a fork, children need not do it.
  // Throws std::runtime_error when TVM lacks the function.
  void RaiseFirstError() const;

  // "Kind: message" of the error that the calling thread's last kernel raised; it is taken away.
  std::string TakeError() const;

 private:
  void* ffi_;
  void* runtime_;
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_TVM_LIBRARIES_H_
