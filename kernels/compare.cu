// Comparators in CUDA C++: what the dialect calls things; the kernels are in the headers.
//
// ELEMENT_<TYPE> names the element type, ITEMS how many threads a block has. To be compiled with
// --fmad=false and without --use_fast_math.
typedef unsigned char u8;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;
typedef uint4 Words;

#define DEVICE static __device__ __forceinline__
#define GLOBAL
#define LOCAL
#define SHARED __shared__
#define KERNEL extern "C" __global__ void __launch_bounds__(ITEMS)
#define BARRIER() __syncthreads()
#define ITEM (threadIdx.x)
#define GROUP (blockIdx.x)
#define GROUPS (gridDim.x)
#define LEADING_ZEROS_32(x) __clz((int)(x))
#define LEADING_ZEROS_64(x) __clzll((i64)(x))
#define HIGH_PRODUCT(x, y) __umul64hi((x), (y))
#define AS_FLOAT(x) __uint_as_float(x)
#define AS_U32(x) __float_as_uint(x)
#define AS_DOUBLE(x) __longlong_as_double((i64)(x))
#define AS_U64(x) ((u64)__double_as_longlong(x))
#define COUNT_UP(counter, n) atomicAdd(counter, n)

#include "compare_body.h"
