// Turns address space randomisation off by personality(2), which only a new image obeys.
#include "runtime/address_space.h"

#include <sys/personality.h>
#include <unistd.h>

namespace mutatenn::runtime {

void FixAddresses(char** argv) {
  constexpr unsigned long kAsk = 0xffffffff;
  const int now = personality(kAsk);
  if (now == -1 || (now & ADDR_NO_RANDOMIZE) != 0) return;
  if (personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) == -1) return;
  // A filter may answer 0 and do nothing: without this look the process would start for ever.
  if ((personality(kAsk) & ADDR_NO_RANDOMIZE) == 0) return;
  execv("/proc/self/exe", argv);
}

}  // namespace mutatenn::runtime
