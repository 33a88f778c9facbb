// Comparators in OpenCL C 1.2: what the dialect calls things; the kernels are in the headers.
//
// ELEMENT_<TYPE> names the element type, ITEMS how many work-items a work-group has.
#pragma OPENCL FP_CONTRACT OFF
#ifdef ELEMENT_FLOAT64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

typedef uchar u8;
typedef int i32;
typedef uint u32;
typedef long i64;
typedef ulong u64;
typedef uint4 Words;

#define DEVICE static
#define GLOBAL __global
#define LOCAL __local
#define SHARED __local
#define KERNEL __kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define ITEM ((u32)get_local_id(0))
#define GROUP ((u32)get_group_id(0))
#define GROUPS ((u32)get_num_groups(0))
#define LEADING_ZEROS_32(x) ((int)clz((u32)(x)))
#define LEADING_ZEROS_64(x) ((int)clz((u64)(x)))
#define HIGH_PRODUCT(x, y) mul_hi((u64)(x), (u64)(y))
#define AS_FLOAT(x) as_float(x)
#define AS_U32(x) as_uint(x)
#define AS_DOUBLE(x) as_double(x)
#define AS_U64(x) as_ulong(x)
// A work-group of one has nobody to share its counters with.
#if ITEMS == 1
#define COUNT_UP(counter, n) (*(counter) += (n))
#else
#define COUNT_UP(counter, n) atomic_add(counter, n)
#endif

#include "compare_body.h"
