// Maps descriptors, and takes write access away.
#include "runtime/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace mutatenn::runtime {

MappedFile::MappedFile(int fd, Access access) {
  struct stat info = {};
  if (fstat(fd, &info) != 0) {
    throw std::system_error(errno, std::generic_category(), "descriptor " + std::to_string(fd));
  }
  size_ = static_cast<size_t>(info.st_size);
  if (size_ == 0) return;
  const int protection = access == Access::kWrite ? PROT_READ | PROT_WRITE : PROT_READ;
  void* at = mmap(nullptr, size_, protection, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "descriptor " + std::to_string(fd));
  }
  data_ = static_cast<uint8_t*>(at);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(data_, size_);
}

void MappedFile::Seal() {
  if (data_ != nullptr && mprotect(data_, size_, PROT_READ) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot write-protect the cache");
  }
}

}  // namespace mutatenn::runtime
