// The signal handlers, and the search for the buffer nearest to a faulting address.
#include "runtime/crash.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace mutatenn::runtime {
namespace {

constexpr size_t kHandlerStack = 256 * 1024;

// A signal handler gets no argument of ours.
const CrashContext* crash_context = nullptr;

// The thread that tells of the crash; others that crash meanwhile wait for the end.
std::atomic<pid_t> teller{0};

void BecomeTeller(int signal) {
  const auto self = static_cast<pid_t>(syscall(SYS_gettid));
  pid_t owner = 0;
  if (teller.compare_exchange_strong(owner, self)) return;
  if (owner == self) {
    // The telling itself crashed: die of it, the server sees the signal.
    ::signal(signal, SIG_DFL);
    raise(signal);
  }
  for (;;) pause();
}

extern "C" void OnCrash(int signal, siginfo_t* info, void*) {
  BecomeTeller(signal);
  Header& head = crash_context->results->header();
  head.signal = signal;
  if (signal == SIGSEGV || signal == SIGBUS) {
    const auto* address = static_cast<const uint8_t*>(info->si_addr);
    head.address = reinterpret_cast<uint64_t>(address);
    const Place place = NearestBuffer(*crash_context, address, head.launch);
    head.buffer = place.buffer;
    head.side = place.side;
    head.distance = place.distance;
  }
  head.fate = kCrash;
  _exit(0);
}

bool Better(const Place& candidate, const Place& best) {
  return candidate.buffer != kUnknownBuffer &&
         (best.buffer == kUnknownBuffer || candidate.distance < best.distance);
}

}  // namespace

Place NearestBuffer(const CrashContext& context, const uint8_t* address, int32_t launch) {
  Place best = context.pool->Nearest(address);
  if (launch >= 0 && launch < static_cast<int32_t>(context.plan->launches.size())) {
    const Launch& at = context.plan->launches[launch];
    for (const auto* buffers : {&at.inputs, &at.outputs}) {
      for (int32_t buffer : *buffers) {
        const Slot& slot = context.arena->slot(buffer);
        const Place place = Locate(address, slot.data, slot.end, buffer);
        if (Better(place, best)) best = place;
      }
    }
  }
  // Farther than a fence is wide, the nearest buffer says nothing.
  if (best.distance > static_cast<int64_t>(kFence)) return {};
  return best;
}

void InstallCrashHandlers(const CrashContext& context) {
  crash_context = &context;
  void* memory =
      mmap(nullptr, kHandlerStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "no stack for crash handlers");
  }
  stack_t stack = {};
  stack.ss_sp = memory;
  stack.ss_size = kHandlerStack;
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = &OnCrash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    if (sigaction(signal, &action, nullptr) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot handle a signal");
    }
  }
}

}  // namespace mutatenn::runtime
