// A results file in memory, for tests.
#ifndef MUTATENN_TESTS_MEMORY_RESULTS_H_
#define MUTATENN_TESTS_MEMORY_RESULTS_H_

#include <sys/mman.h>
#include <unistd.h>

#include "runtime/results.h"

namespace mutatenn::runtime {

inline int MemoryDescriptor(size_t size) {
  const int fd = memfd_create("test", 0);
  if (fd < 0 || ftruncate(fd, static_cast<off_t>(size)) != 0) return -1;
  return fd;
}

// Results of two rows and no outputs, with room for three write records.
struct MemoryResults {
  MemoryResults() {
    plan.rows = 2;
    plan.row_records = sizeof(Header);
    plan.write_records = plan.row_records + 2 * sizeof(RowRecord);
    plan.write_capacity = 3;
    results.Clear(NowNs());
  }
  Plan plan = {};
  MappedFile file{MemoryDescriptor(4096), Access::kWrite};
  Results results{file, plan};
};

}  // namespace mutatenn::runtime

#endif  // MUTATENN_TESTS_MEMORY_RESULTS_H_
