// Reads requests, sets their limits, forks and answers.
#include "runtime/server.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "runtime/watch.h"

namespace mutatenn::runtime {
namespace {

constexpr int64_t kMillisecond = 1'000'000;
// Counted code is slower, and only the counter is to end its loops.
constexpr int64_t kCountedPatience = 10;

std::vector<size_t> Sizes(const Plan& plan) {
  std::vector<size_t> sizes;
  for (const BufferInfo& buffer : plan.buffers) sizes.push_back(buffer.nbytes);
  return sizes;
}

std::vector<HostHook> AllHooks(WorkspacePool& pool) {
  const auto hooks = WorkspaceHooks(&pool);
  return std::vector<HostHook>(hooks.begin(), hooks.end());
}

// A second thread would not survive a fork, and could hold a lock that the child needs.
void RequireOneThread() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  if (std::distance(begin(tasks), end(tasks)) != 1) {
    throw std::runtime_error("loading TVM's libraries started a thread");
  }
}

// Reads one line from standard input; empty when the client is gone.
std::string ReadLine(int client, std::string& pending) {
  while (pending.find('\n') == std::string::npos) {
    pollfd watched[] = {{STDIN_FILENO, POLLIN, 0}, {client, POLLIN, 0}};
    if (poll(watched, 2, -1) < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (watched[1].revents != 0) return "";
    char bytes[4096];
    const ssize_t count = read(STDIN_FILENO, bytes, sizeof(bytes));
    if (count <= 0) return "";
    pending.append(bytes, static_cast<size_t>(count));
  }
  const size_t end = pending.find('\n');
  std::string line = pending.substr(0, end);
  pending.erase(0, end + 1);
  return line;
}

}  // namespace

void Say(const std::string& line) {
  const std::string bytes = line + "\n";
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = write(STDOUT_FILENO, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) _exit(1);
    done += static_cast<size_t>(count);
  }
}

Server::Server(const ServerOptions& options, int client)
    : client_(client),
      inputs_(options.inputs, Access::kRead),
      weights_(options.weights, Access::kRead),
      cache_(options.cache, Access::kWrite),
      results_file_(options.results, Access::kWrite),
      plan_(ParsePlan(MappedFile(options.plan, Access::kRead).text())),
      results_(results_file_, plan_),
      arena_(Sizes(plan_), plan_.guard_bytes),
      pool_(plan_.guard_bytes, results_),
      steps_(results_),
      libraries_(options.ffi_library, options.runtime_library),
      hooks_(AllHooks(pool_)) {
  CheckPlan(plan_, {inputs_.size(), weights_.size(), cache_.size(), results_file_.size()});
  for (const KernelInfo& info : plan_.kernels) {
    try {
      kernels_.emplace_back(info.path, libraries_, hooks_);
    } catch (const std::exception& error) {
      throw std::runtime_error("kernel " + info.name + ": " + error.what());
    }
  }
  libraries_.RaiseFirstError();
  RequireOneThread();
}

void Server::Serve() {
  std::string pending;
  for (std::string line = ReadLine(client_, pending); !line.empty();
       line = ReadLine(client_, pending)) {
    Answer(line);
  }
}

void Server::Answer(const std::string& line) {
  Request request;
  Deadlines deadlines;
  try {
    request = ParseRequest(line);
    Check(request);
    deadlines = LimitsOf(request);
  } catch (const std::exception& error) {
    Say(std::string("done refused ") + error.what());
    return;
  }
  const bool filling = request.kind == Request::Kind::kFill;
  if (filling) cache_header() = {kMagic, 0};
  const int64_t begin = NowNs();
  results_.Clear(deadlines.Between());
  const pid_t server = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    Workshop workshop{plan_,  libraries_, hooks_, kernels_, inputs_, weights_,
                      cache_, arena_,     pool_,  results_, steps_};
    RunChild(workshop, request, std::move(deadlines), server);
  }
  Bounds bounds = {Deadlines::kBetweenNs, deadlines.until_ns};
  for (int64_t limit : deadlines.per_launch_ns) {
    bounds.launch_ns = std::max(bounds.launch_ns, limit);
  }
  if (deadlines.per_launch_ns.empty()) bounds.launch_ns = deadlines.until_ns - begin;
  const Watched watched = WatchChild(child, results_, bounds, STDIN_FILENO, client_);
  if (watched == Watched::kClientGone) _exit(0);
  const Header& head = results_.header();
  if (filling && head.fate == kCompleted) cache_header().complete = 1;
  const double seconds = static_cast<double>(NowNs() - begin) * 1e-9;
  Say("done " + std::to_string(head.fate) + " " + std::to_string(seconds));
}

Deadlines Server::LimitsOf(const Request& request) const {
  const bool complete = cache_header().magic == kMagic && cache_header().complete == 1;
  const bool filling = request.kind == Request::Kind::kFill;
  if (!filling && !complete) throw std::runtime_error("there is no golden run yet");
  if (filling || request.kind == Request::Kind::kCheck) {
    return {NowNs() + plan_.golden_ms * kMillisecond, {}};
  }
  Deadlines deadlines;
  if (plan_.total_ms > 0) deadlines.until_ns = NowNs() + plan_.total_ms * kMillisecond;
  const auto* seconds = reinterpret_cast<const double*>(cache_.data() + plan_.seconds);
  const size_t launches = plan_.launches.size();
  const bool counted =
      request.kind == Request::Kind::kSteps || request.kind == Request::Kind::kCounted;
  for (size_t launch = 0; launch < launches; ++launch) {
    double slowest = 0;
    for (int32_t row = 0; row < plan_.rows; ++row) {
      slowest = std::max(slowest, seconds[static_cast<size_t>(row) * launches + launch]);
    }
    const int64_t limit =
        plan_.floor_ms * kMillisecond + static_cast<int64_t>(plan_.factor * slowest * 1e9);
    deadlines.per_launch_ns.push_back(counted ? kCountedPatience * limit : limit);
  }
  for (const VariantLaunch& variant : plan_.variant) {
    deadlines.per_launch_ns.push_back(variant.limit_ms * kMillisecond);
  }
  return deadlines;
}

void Server::Check(const Request& request) const {
  const auto require = [](bool holds, const char* what, int32_t number) {
    if (!holds) throw std::runtime_error(what + std::to_string(number));
  };
  if (request.kind == Request::Kind::kCheck) {
    require(request.rows > 0 && request.rows <= plan_.rows, "cannot check rows: ", request.rows);
  }
  if (request.kind == Request::Kind::kVariant) {
    if (plan_.variant_outputs.empty()) throw std::runtime_error("the plan has no variant");
    return;
  }
  if (request.kind != Request::Kind::kFill && request.kind != Request::Kind::kCheck) {
    std::vector<bool> replaced(kernels_.size());
    for (const StandIn& one : request.stand_ins) {
      const bool known = one.kernel >= 0 && static_cast<size_t>(one.kernel) < kernels_.size();
      require(known, "no such kernel: ", one.kernel);
      require(!replaced[one.kernel], "a kernel is given twice: ", one.kernel);
      replaced[one.kernel] = true;
    }
  }
  if (request.kind == Request::Kind::kProbe) {
    const bool fits =
        request.flags > 0 && static_cast<uint32_t>(request.flags) <= plan_.flag_capacity;
    require(fits, "no room for flags: ", request.flags);
  }
  if (request.kind == Request::Kind::kCounted) {
    const auto launches =
        std::count_if(plan_.launches.begin(), plan_.launches.end(), [&](const Launch& launch) {
          return std::any_of(request.stand_ins.begin(), request.stand_ins.end(),
                             [&](const StandIn& one) { return launch.kernel == one.kernel; });
        });
    const auto given = static_cast<int32_t>(request.limits.size());
    require(given == launches, "not one limit per launch: ", given);
    for (int64_t limit : request.limits) require(limit > 0, "a limit below one step: ", 0);
  }
}

}  // namespace mutatenn::runtime
