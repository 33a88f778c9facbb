// The kernels of the comparators, in what OpenCL C and CUDA C++ have in common.
#define NONE 0xffffffffu  // the index of nothing; no buffer has so many elements

// clang-format off
// Each uses what stands before it.
#include "compare_element.h"
#include "compare_fraction.h"
#include "compare_item.h"
#include "compare_chunk.h"
#include "compare_record.h"
#include "compare_kernels.h"
#include "compare_top.h"
