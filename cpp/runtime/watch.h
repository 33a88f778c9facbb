// The server's watch over its one child: until it ends, outlives a limit, or nobody wants it.
#ifndef MUTATENN_RUNTIME_WATCH_H_
#define MUTATENN_RUNTIME_WATCH_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>

#include "runtime/results.h"

namespace mutatenn::runtime {

// A descriptor that becomes readable when the process ends. Throws std::system_error.
int OpenProcess(pid_t process);

// Is the client gone: its end of `input` closed, or the process of `client` dead? Waits no time.
bool ClientGone(int input, int client);

enum class Watched { kEnded, kClientGone };

// Returns when the child has been waited for; a fate is in the results then. The child is killed
// when the deadline that it publishes passes, when one launch lasts longer than `cap_ns` (a mutant
// may have overwritten the deadline), and when the client is gone. `tick` is called now and then.
Watched WatchChild(pid_t child, Results& results, int64_t cap_ns, int input, int client,
                   const std::function<void()>& tick);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_WATCH_H_
