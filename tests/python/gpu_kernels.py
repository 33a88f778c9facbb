"""Kernels of a model lowered for a GPU, and the source that TVM writes for their launches."""

from __future__ import annotations

import functools
from typing import Any

import tvm
from tvm import tirx
from tvm.s_tir.pipeline import finalize_device_passes

from mutatenn.demo import model_path
from mutatenn.lowering.program import program_of
from mutatenn.lowering.tir_halves import second_half
from mutatenn.model import load

OPENCL = "opencl"
CUDA = '{"kind":"cuda","arch":"sm_75"}'


@functools.cache
def lowered_demo(target: str) -> Any:
    """The demo model at stage kernel, scheduled; not to be changed."""
    return program_of(load(model_path()), "kernel", target, "default").module


def launches_of(func: Any) -> Any:
    """The device functions that a flat kernel launches, as a module."""
    split = second_half(tvm.IRModule({"kernel": func}))
    launched = {
        var: each
        for var, each in split.functions.items()
        if isinstance(each, tirx.PrimFunc) and int((each.attrs or {}).get("calling_conv", 0)) == 2
    }
    return tvm.IRModule(launched)


def opencl_source(func: Any) -> str:
    """OpenCL C for all launches of a flat kernel."""
    launched = finalize_device_passes()(launches_of(func))
    target = next(iter(launched.functions.values())).attrs["target"]
    source: str = tvm.get_global_func("target.build.opencl")(launched, target).inspect_source()
    return source
