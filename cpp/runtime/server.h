// The warm server: loads the plan once, forks a child per request, runs no kernel itself.
#ifndef MUTATENN_RUNTIME_SERVER_H_
#define MUTATENN_RUNTIME_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/child.h"

namespace mutatenn::runtime {

// Arguments of the executable: paths of libraries, and descriptors.
struct ServerOptions {
  std::string ffi_library;
  std::string runtime_library;
  int plan;
  int inputs;
  int weights;
  int cache;
  int results;
};

class Server {
 public:
  // Throws std::exception with what cannot be used. `client` becomes readable when the client dies.
  Server(const ServerOptions& options, int client);

  // Answers requests until the client is gone.
  void Serve();

 private:
  void Answer(const std::string& line);
  // Throws std::runtime_error naming a number of the request that the plan does not allow.
  void Check(const Request& request) const;
  // The time limits of a request. Throws std::runtime_error when there is no golden run yet.
  Deadlines LimitsOf(const Request& request) const;
  CacheHeader& cache_header() const { return *reinterpret_cast<CacheHeader*>(cache_.data()); }

  const int client_;
  MappedFile inputs_;
  MappedFile weights_;
  MappedFile cache_;
  MappedFile results_file_;
  const Plan plan_;
  Results results_;
  Arena arena_;
  WorkspacePool pool_;
  StepCounter steps_;
  const TvmLibraries libraries_;
  const std::vector<HostHook> hooks_;
  std::vector<Kernel> kernels_;
};

// Writes a whole line to standard output; ends the process when nobody reads.
void Say(const std::string& line);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_SERVER_H_
