"""The first launch of a mutant that differs, measured on the device: what NumPy computes."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from accelerator_fixtures import (  # noqa: F401
    LENGTH,
    QUICK,
    WEIGHT,
    Write,
    answer,
    device,
    opencl,
    pocl_cache,
    rows,
    unary,
    write,
)
from mutatenn.device import AcceleratorDevice
from mutatenn.device.evidence import BufferDifference, LaunchDifference
from mutatenn.device.portable.launch_difference import difference_from_json
from mutatenn.device.portable.reference import reference
from mutatenn.lowering.device_kernel import Argument, DeviceKernel, DeviceLaunch
from mutatenn.lowering.plan import Buffer, Launch, Plan

TRIPLE = unary("y[i] = x[i] * 3.0f;")


def expected(
    row: int, launch: int, buffer: int, golden: NDArray[Any], mutant: NDArray[Any]
) -> LaunchDifference:
    """NumPy's answer for a launch with one output."""
    found = reference(golden, mutant)
    difference = BufferDifference(
        buffer=buffer,
        differing=int((golden.view(np.uint32) != mutant.view(np.uint32)).sum()),
        elements=golden.size,
        max_abs=found.max_abs_error,
        max_abs_index=found.abs_index,
        max_rel=found.max_rel_error,
        nan=(int(np.isnan(golden).sum()), int(np.isnan(mutant).sum())),
        infinite=(int(np.isinf(golden).sum()), int(np.isinf(mutant).sum())),
        ulp=found.ulp,
        checksums=(found.golden.checksum, found.mutant.checksum),
    )
    return LaunchDifference(row, launch, (difference,))


@pytest.mark.parametrize("cache_mb", [0, 16])
def test_a_difference_is_numpys_of_the_arrays_that_were_fetched(
    write: Write,  # noqa: F811
    cache_mb: int,
) -> None:
    bodies = (
        "fmax(x[i], 0.0f) * (i % 3 ? 1.0f : 1.0f + 0x1p-20f)",
        "i == 5 ? NAN : i == 7 ? -INFINITY : fmax(x[i], 0.0f)",
        "i == 9 ? 1e-30f - x[i] : fmax(x[i], 0.0f)",
    )
    with device(write, cache_mb=cache_mb) as opened:
        golden = opened.golden().outputs[0]
        for body in bodies:
            run = opened.run("relu", write(unary(f"y[i] = {body};")))
            assert run.difference == expected(0, 2, 4, golden[0], run.outputs[0][0])


def test_the_launch_is_the_first_and_not_one_that_follows(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    run = opencl.run("double", write(TRIPLE))
    assert run.difference == expected(0, 0, 1, rows()[0] * 2, rows()[0] * 3)
    opencl.begin_all({"relu": write(unary("y[i] = x[i];")), "double": write(TRIPLE)})
    assert opencl.end().difference == run.difference


def test_rows_without_a_difference_are_passed_over(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    x = rows()
    x[:2] = np.minimum(x[:2], 7)
    x[2, 11] = 9
    with device(write, x) as opened:
        opened.golden()
        run = opened.run("double", write(unary("y[i] = x[i] > 8.0f ? 1.0f : x[i] * 2.0f;")))
    assert [row.state for row in run.rows] == ["masked", "masked", "propagated"]
    mutant = x[2] * 2
    mutant[11] = 1
    assert run.difference == expected(2, 0, 1, x[2] * 2, mutant)


@pytest.mark.parametrize(
    ("kernel", "body"),
    [("double", "y[i] = x[i] + x[i];"), ("relu", "y[i] = fmax(fmax(x[i], 0.0f), y[i]);")],
)
def test_nothing_is_measured_where_no_launch_differs_under_the_first_pattern(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
    kernel: str,
    body: str,
) -> None:
    run = opencl.run(kernel, write(unary(body)))
    assert run.fate == "completed", run.detail
    np.testing.assert_array_equal(run.outputs[0], answer(rows()))
    assert run.difference is None


def test_what_was_measured_before_a_crash_is_kept(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    opencl.begin_all({"double": write(TRIPLE), "relu": write(unary("y[1 << 30] = 1;"))})
    run = opencl.end()
    assert run.fate == "crash"
    assert run.difference == expected(0, 0, 1, rows()[0] * 2, rows()[0] * 3)


_PAIR = """
__kernel void k(__global float* y, __global ushort* n, __global float* x) {{
  int i = get_global_id(0);
  {body}
}}
"""


def pair(body: str) -> DeviceKernel:
    """One launch from ``x`` to a float32 tensor ``y`` and a uint16 tensor ``n``."""
    arguments = tuple(Argument("parameter", index) for index in (1, 2, 0))
    launch = DeviceLaunch("k", arguments, (LENGTH // 16, 1, 1), (16, 1, 1))
    return DeviceKernel("opencl", _PAIR.format(body=body), (launch,), (), 3)


def test_every_output_of_a_type_that_can_be_compared_is_measured(
    write: Write,  # noqa: F811
) -> None:
    buffers = (
        Buffer(0, "x", "input", (LENGTH,), "float32"),
        Buffer(1, "y", "activation", (LENGTH,), "float32"),
        Buffer(2, "n", "activation", (LENGTH,), "uint16"),
    )
    plan = Plan(buffers, (Launch(0, "pair", (0,), (1, 2)),), (0,), (1, 2), "opencl")
    kernels = {"pair": write(pair("y[i] = x[i]; n[i] = i;"))}
    x = rows()
    with AcceleratorDevice("opencl:0", plan, {}, kernels, [x], limits=QUICK) as opened:
        opened.golden()
        both = opened.run("pair", write(pair("y[i] = x[i] + 1; n[i] = 2 * i;")))
        odd = opened.run("pair", write(pair("y[i] = x[i]; n[i] = 2 * i;")))
    assert both.difference == expected(0, 0, 1, x[0], x[0] + 1)
    assert odd.difference is None
    assert {row.state for row in odd.rows} == {"propagated"}


def test_what_no_worker_tells_is_refused() -> None:
    told = expected(1, 2, 3, WEIGHT, WEIGHT * np.float32(np.inf))
    plain = json.loads(json.dumps(dataclasses.asdict(told)))
    assert difference_from_json(plain) == told
    wrongs: list[dict[str, Any]] = [
        {"launch": 0.5},
        {"buffers": [{}]},
        {"buffers": 3},
        {"row": None},
    ]
    for wrong in wrongs:
        with pytest.raises((KeyError, TypeError)):
            difference_from_json({**plain, **wrong})
    for key, value in (("nan", [1]), ("max_abs", "much"), ("ulp", ["1"])):
        (buffer,) = plain["buffers"]
        with pytest.raises((TypeError, ValueError)):
            difference_from_json({**plain, "buffers": [{**buffer, key: value}]})
