"""Mutants that do not do the same twice: once only, by the process they run in, or by the clock."""

# ruff: noqa: N803, N812  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tvm.script import tirx as T

from audit_kernels import DEAD, WIDTH, Loop, computing, good

ONCE = 0o755
FAR = 100_000_000


@dataclasses.dataclass(frozen=True)
class Flaky:
    """A mutant whose two runs differ; what is said of it begins with ``reason``."""

    name: str
    kernel: Callable[[Loop], Any]
    reason: str = "flaky: "


def flaky(folder: Path) -> list[Flaky]:
    """The mutants; each that misbehaves once remembers it by a folder of its own in ``folder``."""

    def marker(name: str) -> str:
        return str(folder / name.replace(" ", "-"))

    killed, survived = "flaky: killed (label) on 1 inputs", "survived on 0 inputs"
    once = {
        "wrong class": (2, 1000.0, f"{killed}, then {survived}"),
        "NaN": (3, float("nan"), f"flaky: killed (nan) on 1 inputs, then {survived}"),
        "dead element": (DEAD, 99.0, f"flaky: {survived}, then {survived}"),
        "crash": (FAR, 1.0, f"flaky: killed (crash) on 0 inputs, then {survived}"),
    }
    found = [
        Flaky(f"{name} once", storing_once(marker(name), place, value), reason)
        for name, (place, value, reason) in once.items()
    ]
    found.append(
        Flaky("endless once", endless_once(marker("endless")), "a time-out did not repeat")
    )
    found.append(Flaky("by the process", computing(lambda _f, a, _i: good(a) + process())))
    found.append(Flaky("by the clock", computing(lambda _f, a, _i: good(a) + cycles())))
    return found


def first_time(marker: str) -> Any:
    """Whether nobody has asked before, in this process or in an earlier one."""
    return T.call_extern("int32", "mkdir", marker, ONCE) == 0


def process() -> Any:
    """A small number that no two runs share."""
    return T.Cast("float32", T.call_extern("int32", "getpid")) * T.float32(1e-6)


def cycles() -> Any:
    """A small number that hardly two calls share."""
    now = T.call_llvm_intrin("int64", "llvm.readcyclecounter")
    return T.Cast("float32", T.bitwise_and(now, T.int64(0xFFFFF))) * T.float32(1e-7)


def storing_once(marker: str, place: int, value: float) -> Callable[[Loop], Any]:
    """A kernel that writes ``value`` to ``place``, the first time that it is ever called."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
            for i in loop(WIDTH):
                C[i] = good(A[i])
            if first_time(marker):
                C[place] = T.float32(value)

        return scale

    return make


def endless_once(marker: str) -> Callable[[Loop], Any]:
    """A kernel that does not return, the first time that it is ever called."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
            for i in loop(WIDTH):
                C[i] = good(A[i])
            if first_time(marker):
                T.evaluate(T.call_extern("int32", "sleep", 1000))

        return scale

    return make
