"""The target of this machine: LLVM's name for its CPU, less the features that it does not have."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import tvm
from tvm.target import codegen

from mutatenn.errors import InputError

HOST = "host"
"""What a user writes for the target of this machine."""
CPUINFO = Path("/proc/cpuinfo")
# Only what code generation uses unasked: a hypervisor may hide pku or rdpru, code is the same.
_SAME_NAME = (
    *("sse", "sse2", "sse4a", "ssse3", "avx", "avx2", "f16c", "fma", "fma4", "xop", "gfni"),
    *("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512ifma", "avx512vbmi", "avx512vl"),
    *("adx", "bmi2", "cmov", "cx16", "movbe", "popcnt", "tbm", "vpclmulqdq"),
)
_OTHER_NAME = {
    "avx10.1": "avx10",
    "avx10.1-512": "avx10",
    "avx10.2": "avx10",
    "avx10.2-512": "avx10",
    "avx512bf16": "avx512_bf16",
    "avx512bitalg": "avx512_bitalg",
    "avx512fp16": "avx512_fp16",
    "avx512vbmi2": "avx512_vbmi2",
    "avx512vnni": "avx512_vnni",
    "avx512vp2intersect": "avx512_vp2intersect",
    "avx512vpopcntdq": "avx512_vpopcntdq",
    "avxifma": "avx_ifma",
    "avxneconvert": "avx_ne_convert",
    "avxvnni": "avx_vnni",
    "avxvnniint16": "avx_vnni_int16",
    "avxvnniint8": "avx_vnni_int8",
    "bmi": "bmi1",
    "lzcnt": "abm",
    "prfchw": "3dnowprefetch",
    "sse3": "pni",
    "sse4.1": "sse4_1",
    "sse4.2": "sse4_2",
}
_FLAGS = {name: name for name in _SAME_NAME} | _OTHER_NAME
"""Linux's name of each feature, by LLVM's."""


def host_target(cpuinfo: Path = CPUINFO) -> str:
    """The target of this machine, as JSON text that TVM reads.

    LLVM tells a CPU by its model number; what a hypervisor hides of that CPU is switched off.

    Args:
        cpuinfo: Linux's account of the CPU.

    Raises:
        InputError: TVM's LLVM does not know this CPU.
    """
    fields: dict[str, Any] = {"kind": "llvm", "mcpu": str(codegen.llvm_get_system_cpu())}
    try:
        missing = missing_features(tvm.target.Target(fields), cpuinfo)
    except Exception as error:
        raise InputError(
            f"TVM's LLVM has no target for this machine's CPU ({fields['mcpu']}); give --target"
        ) from error
    if missing:
        fields["mattr"] = [f"-{name}" for name in missing]
    return json.dumps(fields)


def resolve_target(target: str | None, schedule: str) -> str:
    """The target that a user's word for it stands for.

    Args:
        target: target text, ``host``, or ``None``: the host under schedules, else ``llvm``.
        schedule: the name of the schedules, ``none`` for none.

    Raises:
        InputError: the host is meant, and TVM's LLVM does not know it.
    """
    if target is None:
        target = "llvm" if schedule == "none" else HOST
    return host_target() if target == HOST else target


def missing_features(target: Any, cpuinfo: Path = CPUINFO) -> list[str]:
    """Features that code for a target may use and this CPU lacks, by LLVM's names, sorted.

    Args:
        target: a ``tvm.target.Target`` of kind llvm.
        cpuinfo: Linux's account of the CPU; where it tells no x86 flags, nothing is missing.
    """
    flags = _flags(cpuinfo)
    if platform.machine() != "x86_64" or not flags:
        return []
    used = {str(name) for name in codegen.llvm_get_cpu_features(target)}
    return sorted(name for name in used & _FLAGS.keys() if _FLAGS[name] not in flags)


def require_runnable(target: Any, cpuinfo: Path = CPUINFO) -> None:
    """Refuse a target whose code could meet an instruction that this CPU does not have.

    Args:
        target: a ``tvm.target.Target`` of kind llvm.
        cpuinfo: Linux's account of the CPU.

    Raises:
        InputError: the target uses such features; the message names them.
    """
    missing = missing_features(target, cpuinfo)
    if missing:
        raise InputError(
            f"this CPU lacks {', '.join(missing)}, which code for the target {target} uses; give "
            "--target host"
        )


def _flags(cpuinfo: Path) -> set[str]:
    """Flags of the first CPU; empty where there is no such file or line."""
    if not cpuinfo.is_file():
        return set()
    for line in cpuinfo.read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "flags":
            return set(value.split())
    return set()
