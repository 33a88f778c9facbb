"""The size of TVM's thread pool in a run."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from tvm.script import tirx as T  # noqa: N812

from device_fixtures import chain, compile_to
from mutatenn.device import LlvmDevice

SIZE = 8


@T.prim_func
def by_main_thread(x: T.Buffer((SIZE,), "float32"), y: T.Buffer((SIZE,), "float32")) -> None:
    """1 where an element is written by the process's first thread."""
    T.func_attr({"global_symbol": "by_main_thread", "tirx.noalias": True})
    for i in T.parallel(SIZE):
        first = T.call_extern("int32", "gettid") == T.call_extern("int32", "getpid")
        y[i] = x[i] * T.float32(0) + T.Cast("float32", first)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_parallel_loop_is_shared_by_as_many_threads_as_asked_for(
    tmp_path: Path, threads: int
) -> None:
    cores = len(os.sched_getaffinity(0))
    if cores < threads:
        pytest.skip(f"TVM's pool takes no more threads than there are cores, {cores} here")
    library = compile_to(tmp_path, by_main_thread)
    rows = [np.zeros((1, SIZE), np.float32)]
    plan = chain(["by_main_thread"], SIZE)
    with LlvmDevice(plan, {}, {"by_main_thread": library}, rows, threads=threads) as device:
        (answer,) = device.golden().outputs
    assert answer.sum() == SIZE // threads
