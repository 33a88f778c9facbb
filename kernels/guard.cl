// Guard zones in OpenCL C 1.2: what the dialect calls things; the kernels are in the header.
typedef uchar u8;
typedef uint u32;
typedef long i64;
typedef ulong u64;
typedef uint4 Words;

#define GLOBAL __global
#define SHARED __local
#define KERNEL __kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define ITEM ((u32)get_local_id(0))
#define GROUP ((u32)get_group_id(0))
#define GROUPS ((u32)get_num_groups(0))

#include "guard_body.h"
