// Names of the symbols that a shared object defines.
#ifndef MUTATENN_RUNTIME_ELF_H_
#define MUTATENN_RUNTIME_ELF_H_

#include <string>
#include <vector>

namespace mutatenn::runtime {

// Dynamic symbols defined in a 64-bit ELF file. Throws std::runtime_error for another file.
std::vector<std::string> DefinedSymbols(const std::string& path);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_ELF_H_
