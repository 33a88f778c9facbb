"""Whether a device can run a kernel: its limits as plain numbers, against the kernel's launches."""

from __future__ import annotations

import re
from typing import TypedDict

from mutatenn.lowering.device_kernel import DeviceKernel, DeviceLaunch

_ARRAY = re.compile(r"(?:__local|__shared__)[^;=(]*?\b(\w+) \w+\[(\d+)\]")
"""An array that the threads of a block share: its type and elements, as TVM declares it."""
_FUNCTION = re.compile(
    r"^.*(?:__kernel|__global__) void (?:__launch_bounds__\([^)]*\) )?(\w+)\([^{};]*\) \{$",
    re.MULTILINE,
)
_BYTES = {
    **dict.fromkeys(("bool", "char", "uchar", "int8_t", "uint8_t"), 1),
    **dict.fromkeys(("short", "ushort", "half", "int16_t", "uint16_t"), 2),
    **dict.fromkeys(("int", "uint", "float", "int32_t", "uint32_t"), 4),
    **dict.fromkeys(("long", "ulong", "double", "int64_t", "uint64_t"), 8),
}
_TYPE = re.compile(r"([a-z]+(?:\d+_t)?)(2|3|4|8|16)?$")


class Limits(TypedDict, total=False):
    """What a device says of itself; what it does not say is taken for no limit.

    Sizes are x, y, z; memory is in bytes; ``arch`` is NVIDIA's name, such as ``sm_75``.
    """

    max_threads_per_block: int
    max_block: tuple[int, int, int]
    max_grid: tuple[int, int, int]
    max_shared_memory_per_block: int
    arch: str


def require_fits(kernel: DeviceKernel, limits: Limits) -> str | None:
    """Why a device cannot run a kernel, in one sentence; ``None`` if it can, as far as is known.

    Args:
        kernel: the kernel.
        limits: the device's.
    """
    reasons = (_misfit(kernel.source, launch, limits) for launch in kernel.launches)
    return next((reason for reason in reasons if reason is not None), None)


def _misfit(source: str, launch: DeviceLaunch, limits: Limits) -> str | None:
    threads = limits.get("max_threads_per_block")
    if threads is not None and launch.threads > threads:
        return f"{launch.symbol} needs blocks of {launch.threads} threads, the device has {threads}"
    for what, sizes, most in (
        ("blocks", launch.block, limits.get("max_block")),
        ("a grid", launch.grid, limits.get("max_grid")),
    ):
        if most is not None and any(a > b for a, b in zip(sizes, most, strict=True)):
            return f"{launch.symbol} needs {what} of {_by(sizes)}, the device has {_by(most)}"
    memory = limits.get("max_shared_memory_per_block")
    needed = launch.shared_bytes + shared_bytes(source, launch.symbol)
    if memory is not None and needed > memory:
        return f"{launch.symbol} needs {needed} bytes of shared memory, the device has {memory}"
    return None


def shared_bytes(source: str, symbol: str) -> int:
    """Bytes that a device function declares for the threads of a block to share.

    Arrays of types that are not known by their name, which only C++ headers define, count nothing.

    Args:
        source: OpenCL C or CUDA C++ as TVM writes it.
        symbol: the function's name.
    """
    heads = list(_FUNCTION.finditer(source))
    ends = [head.start() for head in heads[1:]] + [len(source)]
    bodies = {head[1]: source[head.end() : end] for head, end in zip(heads, ends, strict=True)}
    return sum(
        _element_bytes(name) * int(elements)
        for name, elements in _ARRAY.findall(bodies.get(symbol, ""))
    )


def _element_bytes(name: str) -> int:
    match = _TYPE.match(name)
    if match is None:
        return 0
    return _BYTES.get(match[1], 0) * int(match[2] or 1)


def _by(sizes: tuple[int, int, int]) -> str:
    return "x".join(map(str, sizes))
