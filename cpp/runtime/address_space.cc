// Turns address space randomisation off by personality(2), which only a new image obeys.
#include "runtime/address_space.h"

#include <sys/personality.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace mutatenn::runtime {

void FixAddresses(char** argv) {
  constexpr unsigned long kAsk = 0xffffffff;
  const int now = personality(kAsk);
  if (now == -1 || (now & ADDR_NO_RANDOMIZE) != 0) return;
  if (personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) == -1) return;
  // A filter may answer 0 and do nothing: without this look the process would start for ever.
  if ((personality(kAsk) & ADDR_NO_RANDOMIZE) == 0) return;
  // By its path: started as /proc/self/exe the process would be called `exe`.
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) execv(path.c_str(), argv);
}

}  // namespace mutatenn::runtime
