// The server's watch over its one child: until it ends, outlives a limit, or nobody wants it.
#ifndef MUTATENN_RUNTIME_WATCH_H_
#define MUTATENN_RUNTIME_WATCH_H_

#include <sys/types.h>

#include <cstdint>

#include "runtime/results.h"

namespace mutatenn::runtime {

// A descriptor that becomes readable when the process ends. Throws std::system_error.
int OpenProcess(pid_t process);

// Is the client gone: its end of `input` closed, or the process of `client` dead? Waits no time.
bool ClientGone(int input, int client);

// How long a child may take, whatever it publishes: a mutant may overwrite that.
struct Bounds {
  int64_t launch_ns;  // between two beats
  int64_t until_ns;   // absolute, of the whole run
};

enum class Watched { kEnded, kClientGone };

// Returns when the child has been waited for; a fate is in the results then. The child is killed
// when the deadline that it publishes or a bound passes, and when the client is gone. The pulse in
// the results beats meanwhile.
Watched WatchChild(pid_t child, Results& results, const Bounds& bounds, int input, int client);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_WATCH_H_
