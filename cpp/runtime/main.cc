// mutatenn-runner: executes plans for one client over the protocol of protocol.h.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "runtime/address_space.h"
#include "runtime/protocol.h"
#include "runtime/server.h"
#include "runtime/watch.h"

namespace {

using mutatenn::runtime::Header;
using mutatenn::runtime::RowRecord;
using mutatenn::runtime::Say;
using mutatenn::runtime::Server;
using mutatenn::runtime::ServerOptions;
using mutatenn::runtime::WriteRecord;

constexpr int kUsage = 2;

std::string Greeting() {
  return "struct " + std::to_string(mutatenn::runtime::kVersion) + " " +
         std::to_string(sizeof(Header)) + " " + std::to_string(sizeof(RowRecord)) + " " +
         std::to_string(sizeof(WriteRecord));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fputs(
        "usage: mutatenn-runner LIBTVM_FFI LIBTVM_RUNTIME PLAN INPUTS WEIGHTS CACHE RESULTS\n"
        "It is started by mutatenn's device `llvm`; the last five are file descriptors.\n",
        stderr);
    return kUsage;
  }
  mutatenn::runtime::FixAddresses(argv);
  // The client decides when to stop: its Ctrl-C reaches this process too.
  signal(SIGINT, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  try {
    Say(Greeting());
    const int client = mutatenn::runtime::OpenProcess(getppid());
    const ServerOptions options{argv[1],
                                argv[2],
                                std::stoi(argv[3]),
                                std::stoi(argv[4]),
                                std::stoi(argv[5]),
                                std::stoi(argv[6]),
                                std::stoi(argv[7])};
    Server server(options, client);
    Say("done ready");
    server.Serve();
  } catch (const std::exception& error) {
    Say(std::string("done refused ") + error.what());
    return 1;
  }
  return 0;
}
