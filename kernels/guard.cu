// Guard zones in CUDA C++: what the dialect calls things; the kernels are in the header.
typedef unsigned char u8;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;
typedef uint4 Words;

#define GLOBAL
#define SHARED __shared__
#define KERNEL extern "C" __global__ void __launch_bounds__(ITEMS)
#define BARRIER() __syncthreads()
#define ITEM (threadIdx.x)
#define GROUP (blockIdx.x)
#define GROUPS (gridDim.x)

#include "guard_body.h"
