"""Kernels that look at memory: bytes that differ, bytes of a zone that changed, checksums."""

from __future__ import annotations

from mutatenn.lowering.device_kernel import Language

_OPENCL = """
#define KERNEL __kernel
#define GLOBAL __global
#define THREAD ((uint)get_global_id(0))
#define THREADS ((uint)get_global_size(0))
#define ADD(p, v) atomic_add(p, v)
#define LARGEST(p, v) atomic_max(p, v)
"""

_CUDA = """
typedef unsigned int uint;
typedef unsigned long long ulong;
#define KERNEL extern "C" __global__
#define GLOBAL
#define THREAD (blockIdx.x * blockDim.x + threadIdx.x)
#define THREADS (gridDim.x * blockDim.x)
#define ADD(p, v) atomicAdd(p, v)
#define LARGEST(p, v) atomicMax(p, v)
"""

# Memory is read in words: every block begins at a multiple of 64 bytes, and so do tensors' data.
# Words are 4 bytes in little endian, so that byte k of a word is its bits from 8 * k on.
_SOURCE = """
// Adds to found[0] how many of `nbytes` bytes differ.
KERNEL void mutatenn_differ(GLOBAL const uint* a, ulong a_word, GLOBAL const uint* b, ulong b_word,
                            ulong nbytes, GLOBAL uint* found, uint slot) {
  uint count = 0;
  for (ulong i = THREAD; i * 4 < nbytes; i += THREADS) {
    uint x = a[a_word + i] ^ b[b_word + i];
    if (x == 0) continue;
    for (uint k = 0; k < 4; ++k) count += i * 4 + k < nbytes && ((x >> 8 * k) & 255) != 0;
  }
  if (count != 0) ADD(&found[slot], count);
}

// Adds to found[slot] a checksum of `words` words, each weighed by its place.
KERNEL void mutatenn_checksum(GLOBAL const uint* a, ulong words, GLOBAL uint* found, uint slot) {
  uint sum = 0;
  for (ulong i = THREAD; i < words; i += THREADS) {
    uint x = (a[i] ^ (uint)i) * 2654435761u;
    sum += (x ^ (x >> 15)) * (2 * (uint)i + 1);
  }
  ADD(&found[slot], sum);
}

// Looks for bytes other than `value` in [low, data) and in [end, high). Per zone: adds to
// found[slot] how many, and keeps in found[slot + 1] how far the farthest is from the data.
KERNEL void mutatenn_zones(GLOBAL const uint* block, ulong low, ulong data, ulong end, ulong high,
                           uint value, GLOBAL uint* found, uint slot) {
  for (ulong i = low / 4 + THREAD; i * 4 < data; i += THREADS) {
    if (block[i] == value) continue;
    uint count = 0;
    uint farthest = 0;
    for (uint k = 0; k < 4; ++k) {
      ulong at = i * 4 + k;
      if (at < low || at >= data || ((block[i] ^ value) >> 8 * k & 255) == 0) continue;
      if (data - at > farthest) farthest = (uint)(data - at);
      ++count;
    }
    if (count == 0) continue;
    ADD(&found[slot], count);
    LARGEST(&found[slot + 1], farthest);
  }
  for (ulong i = end / 4 + THREAD; i * 4 < high; i += THREADS) {
    if (block[i] == value) continue;
    uint count = 0;
    uint farthest = 0;
    for (uint k = 0; k < 4; ++k) {
      ulong at = i * 4 + k;
      if (at < end || at >= high || ((block[i] ^ value) >> 8 * k & 255) == 0) continue;
      farthest = (uint)(at - end + 1);
      ++count;
    }
    if (count == 0) continue;
    ADD(&found[slot + 2], count);
    LARGEST(&found[slot + 3], farthest);
  }
}
"""

SLOT_WORDS = 4
"""Words that one look writes."""


def source(language: Language) -> str:
    """The kernels ``mutatenn_differ``, ``_checksum`` and ``_zones`` in a language."""
    return (_OPENCL if language == "opencl" else _CUDA) + _SOURCE
