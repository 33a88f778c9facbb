// A shared mapping of an inherited memory file.
#ifndef MUTATENN_RUNTIME_MAPPED_FILE_H_
#define MUTATENN_RUNTIME_MAPPED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace mutatenn::runtime {

enum class Access { kRead, kWrite };

// Maps the whole file; an empty file maps to a null pointer.
class MappedFile {
 public:
  // Throws std::system_error when the descriptor cannot be mapped.
  MappedFile(int fd, Access access);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  std::string text() const { return std::string(reinterpret_cast<const char*>(data_), size_); }

  // Takes write access away in this process.
  void Seal();

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_MAPPED_FILE_H_
