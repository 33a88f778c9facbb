// Polls a child, its deadlines and the client at once, and settles how the child ended.
#include "runtime/watch.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace mutatenn::runtime {
namespace {

constexpr int64_t kPulseNs = 2'000'000'000;
// A child that enters a launch does not wake the server, so the server looks for new deadlines.
constexpr int64_t kLookNs = 50'000'000;
constexpr int64_t kMillisecond = 1'000'000;

int Reap(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return status;
}

// A child that ended without a word: by a signal that no handler saw.
void SettleFate(Results& results, int status) {
  Header& head = results.header();
  if (head.fate != kRunning) return;
  if (WIFSIGNALED(status)) {
    head.signal = WTERMSIG(status);
    head.fate = head.signal == SIGKILL ? kLost : kCrash;
  } else {
    head.fate = kLost;
  }
}

class Deadline {
 public:
  Deadline(Results& results, const Bounds& bounds) : results_(results), bounds_(bounds) {}

  int64_t LeftNs() {
    Header& head = results_.header();
    const uint64_t beat = __atomic_load_n(&head.beat, __ATOMIC_ACQUIRE);
    const int64_t now = NowNs();
    if (beat != beat_ || since_ == 0) {
      beat_ = beat;
      since_ = now;
    }
    const int64_t published = __atomic_load_n(&head.deadline_ns, __ATOMIC_ACQUIRE);
    return std::min({published, since_ + bounds_.launch_ns, bounds_.until_ns}) - now;
  }

 private:
  Results& results_;
  const Bounds bounds_;
  uint64_t beat_ = 0;
  int64_t since_ = 0;
};

}  // namespace

int OpenProcess(pid_t process) {
  const auto descriptor = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  if (descriptor < 0) {
    throw std::system_error(errno, std::generic_category(), "pidfd_open (needs Linux 5.3)");
  }
  return descriptor;
}

bool ClientGone(int input, int client) {
  pollfd watched[] = {{input, 0, 0}, {client, POLLIN, 0}};
  return poll(watched, 2, 0) > 0;
}

Watched WatchChild(pid_t child, Results& results, const Bounds& bounds, int input, int client) {
  const int process = OpenProcess(child);
  // No events asked of `input`: poll reports its closing anyway.
  pollfd watched[] = {{process, POLLIN, 0}, {input, 0, 0}, {client, POLLIN, 0}};
  Deadline deadline(results, bounds);
  bool gone = false;
  bool late = false;
  int64_t next_pulse = NowNs() + kPulseNs;
  while (true) {
    const int64_t left = deadline.LeftNs();
    late = left <= 0;
    if (late) break;
    // Rounded up, so that a wait never ends just before its deadline.
    const auto wait_ms = static_cast<int>(std::min(left, kLookNs) / kMillisecond + 1);
    const int ready = poll(watched, 3, wait_ms);
    if (ready < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (ready > 0 && watched[0].revents != 0) break;
    gone = ready > 0 && (watched[1].revents != 0 || watched[2].revents != 0);
    if (gone) break;
    if (NowNs() >= next_pulse) {
      __atomic_add_fetch(&results.header().pulse, 1, __ATOMIC_RELAXED);
      next_pulse = NowNs() + kPulseNs;
    }
  }
  if (late || gone) kill(child, SIGKILL);
  const int status = Reap(child);
  close(process);
  if (gone) return Watched::kClientGone;
  Header& head = results.header();
  if (late && head.fate == kRunning) {
    head.fate = kHang;
    if (NowNs() >= bounds.until_ns) results.SetMessage("the limit of the whole run");
  }
  SettleFate(results, status);
  return Watched::kEnded;
}

}  // namespace mutatenn::runtime
