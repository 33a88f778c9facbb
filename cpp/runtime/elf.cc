// Reads the dynamic symbol tables of an ELF file by hand.
#include "runtime/elf.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace mutatenn::runtime {
namespace {

class Image {
 public:
  explicit Image(const std::string& path) : path_(path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    bytes_.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }

  template <typename Struct>
  Struct At(size_t offset) const {
    Struct value;
    if (offset > bytes_.size() || sizeof(value) > bytes_.size() - offset) Fail();
    std::memcpy(&value, bytes_.data() + offset, sizeof(value));
    return value;
  }

  std::string Name(const Elf64_Shdr& strings, size_t offset) const {
    const size_t at = strings.sh_offset + offset;
    const size_t end = at < bytes_.size() ? bytes_.find('\0', at) : std::string::npos;
    if (end == std::string::npos) Fail();
    return bytes_.substr(at, end - at);
  }

  [[noreturn]] void Fail() const {
    throw std::runtime_error(path_ + " is not a 64-bit ELF shared object");
  }

 private:
  std::string path_;
  std::string bytes_;
};

}  // namespace

std::vector<std::string> DefinedSymbols(const std::string& path) {
  const Image image(path);
  const auto head = image.At<Elf64_Ehdr>(0);
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64) {
    image.Fail();
  }
  std::vector<std::string> names;
  for (size_t i = 0; i < head.e_shnum; ++i) {
    const auto section = image.At<Elf64_Shdr>(head.e_shoff + i * sizeof(Elf64_Shdr));
    if (section.sh_type != SHT_DYNSYM) continue;
    const auto strings = image.At<Elf64_Shdr>(head.e_shoff + section.sh_link * sizeof(Elf64_Shdr));
    for (size_t at = 0; at + sizeof(Elf64_Sym) <= section.sh_size; at += sizeof(Elf64_Sym)) {
      const auto symbol = image.At<Elf64_Sym>(section.sh_offset + at);
      if (symbol.st_shndx != SHN_UNDEF) names.push_back(image.Name(strings, symbol.st_name));
    }
  }
  return names;
}

}  // namespace mutatenn::runtime
