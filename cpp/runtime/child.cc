// Bounds the forked process, then hands it to the run that was asked for.
#include "runtime/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <fstream>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "runtime/crash.h"
#include "runtime/golden_run.h"
#include "runtime/mutant_run.h"
#include "runtime/probe_run.h"
#include "runtime/step_run.h"

namespace mutatenn::runtime {
namespace {

void Check(int status, const char* what) {
  if (status < 0) throw std::system_error(errno, std::generic_category(), what);
}

void DieWithServer(pid_t server) {
  Check(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
  if (getppid() != server) _exit(0);  // it died before the line above
}

// Kernels must not speak on the protocol's pipes.
void DetachStreams() {
  const int null = open("/dev/null", O_RDWR);
  Check(null, "/dev/null");
  Check(dup2(null, STDIN_FILENO), "dup2");
  Check(dup2(null, STDOUT_FILENO), "dup2");
}

rlim_t PrivateBytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    rlim_t kib = 0;
    if (word == "VmData:" && status >> kib) return kib * 1024;
  }
  throw std::runtime_error("/proc/self/status has no VmData");
}

// RLIMIT_DATA and not RLIMIT_AS: fences are address space, but no memory.
void LimitMemory(int64_t memory_mb) {
  const rlim_t bytes = PrivateBytes() + (static_cast<rlim_t>(memory_mb) << 20);
  const rlimit data = {bytes, bytes};
  Check(setrlimit(RLIMIT_DATA, &data), "setrlimit");
}

// The limit is for the kernel: what the run itself needs has been allocated before.
template <typename PlantedRun>
void RunPlanted(PlantedRun run, int64_t memory_mb) {
  LimitMemory(memory_mb);
  run.Run();
}

void Run(Workshop& workshop, const Request& request, Deadlines deadlines) {
  Executor executor(workshop.plan, workshop.arena, workshop.pool, workshop.libraries,
                    workshop.results, std::move(deadlines));
  Slots slots(workshop.plan, workshop.arena);
  GoldenData golden(workshop.plan, workshop.inputs, workshop.weights, workshop.cache);
  Machine machine{workshop.plan, workshop.kernels, slots,         golden,
                  executor,      workshop.results, workshop.steps};
  if (request.kind == Request::Kind::kFill) {
    LimitMemory(workshop.plan.memory_mb);
    FillGolden(machine, reinterpret_cast<double*>(workshop.cache.data() + workshop.plan.seconds));
    return;
  }
  workshop.cache.Seal();
  if (request.kind == Request::Kind::kCheck) {
    LimitMemory(workshop.plan.memory_mb);
    CheckGolden(machine, request.pattern, request.rows);
    return;
  }
  if (request.kind == Request::Kind::kVariant) {
    RunPlanted(MutantRun(machine), workshop.plan.memory_mb);
    return;
  }
  std::vector<Kernel> planted;
  for (const StandIn& one : request.stand_ins) {
    planted.emplace_back(one.path, workshop.libraries, workshop.hooks);
  }
  const int32_t kernel = request.stand_ins.front().kernel;
  const int64_t memory_mb = workshop.plan.memory_mb;
  if (request.kind == Request::Kind::kProbe) {
    RunPlanted(ProbeRun(machine, kernel, planted.front(), request.flags), memory_mb);
  } else if (request.kind == Request::Kind::kSteps) {
    RunPlanted(StepRun(machine, kernel, planted.front()), memory_mb);
  } else {
    RunPlanted(MutantRun(machine, request.stand_ins, planted, request.limits), memory_mb);
  }
}

}  // namespace

void RunChild(Workshop& workshop, const Request& request, Deadlines deadlines, pid_t server) {
  try {
    DieWithServer(server);
    DetachStreams();
    const rlimit none = {0, 0};
    Check(setrlimit(RLIMIT_CORE, &none), "setrlimit");
    const CrashContext crash{&workshop.plan, &workshop.arena, &workshop.pool, &workshop.results};
    InstallCrashHandlers(crash);
    Run(workshop, request, std::move(deadlines));
  } catch (const std::bad_alloc&) {
    workshop.results.Stop(kFault, "the runner itself found no memory left");
  } catch (const std::exception& error) {
    workshop.results.Stop(kFault, error.what());
  }
  workshop.results.Stop(kCompleted, "");
}

}  // namespace mutatenn::runtime
