// As much of CUDA C++ as the comparators use, on the host: blocks one after the other, a thread of
// the host for each thread of a block.
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct Extent {
  unsigned x;
};
static Extent blockIdx, gridDim;
static thread_local Extent threadIdx;

#define __device__
#define __global__
#define __forceinline__ inline
#define __shared__ static
#define __launch_bounds__(threads)

struct Meeting {
  std::mutex mutex;
  std::condition_variable all_here;
  unsigned here = 0, round = 0;
};
static Meeting meeting;

static void __syncthreads() {
  std::unique_lock<std::mutex> lock(meeting.mutex);
  const unsigned round = meeting.round;
  if (++meeting.here == ITEMS) {
    meeting.here = 0;
    ++meeting.round;
    meeting.all_here.notify_all();
  } else {
    meeting.all_here.wait(lock, [&] { return meeting.round != round; });
  }
}

template <typename To, typename From>
static To Cast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(to));
  return to;
}
static float __uint_as_float(unsigned bits) { return Cast<float>(bits); }
static unsigned __float_as_uint(float number) { return Cast<unsigned>(number); }
static double __longlong_as_double(long long bits) { return Cast<double>(bits); }
static long long __double_as_longlong(double number) { return Cast<long long>(number); }
static int __clz(int bits) { return bits ? __builtin_clz(bits) : 32; }
static int __clzll(long long bits) { return bits ? __builtin_clzll(bits) : 64; }
static unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return static_cast<unsigned long long>(static_cast<unsigned __int128>(a) * b >> 64);
}
static unsigned atomicAdd(unsigned* counter, unsigned n) {
  return __atomic_fetch_add(counter, n, __ATOMIC_SEQ_CST);
}

template <typename... Parameters, std::size_t... At>
void Launch(void (*kernel)(Parameters...), unsigned groups, const std::uint64_t* arguments,
            std::index_sequence<At...>) {
  gridDim.x = groups;
  for (blockIdx.x = 0; blockIdx.x < groups; ++blockIdx.x) {
    std::vector<std::thread> threads;
    for (unsigned item = 0; item < ITEMS; ++item) {
      threads.emplace_back([=] {
        threadIdx.x = item;
        kernel((Parameters)arguments[At]...);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
}

template <typename... Parameters>
void LaunchWith(void (*kernel)(Parameters...), unsigned groups, const std::uint64_t* arguments) {
  Launch(kernel, groups, arguments, std::index_sequence_for<Parameters...>());
}

#define LAUNCHER(kernel)                                                             \
  extern "C" void launch_##kernel(unsigned groups, const std::uint64_t* arguments) { \
    LaunchWith(kernel, groups, arguments);                                           \
  }
