/* Acts like a counted kernel: its 8 threads each run a thousand rounds of three steps. */
#include <pthread.h>
#include <stdint.h>

int32_t mutatenn_count_steps(int64_t times, int64_t each);

static void* Rounds(void* unused) {
  (void)unused;
  for (int i = 0; i < 1000; ++i) mutatenn_count_steps(1, 3);
  return 0;
}

__attribute__((visibility("default"))) int __tvm_ffi_mutatenn_kernel(void* self, const void* args,
                                                                     int count, void* result) {
  (void)self;
  (void)args;
  (void)count;
  (void)result;
  pthread_t threads[8];
  for (int i = 0; i < 8; ++i) {
    if (pthread_create(&threads[i], 0, Rounds, 0) != 0) return 1;
  }
  for (int i = 0; i < 8; ++i) pthread_join(threads[i], 0);
  return 0;
}
