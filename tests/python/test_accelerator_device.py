"""What a run on device ``opencl`` says about mutants that do not misbehave."""

from __future__ import annotations

import numpy as np
import pytest

from accelerator_fixtures import (  # noqa: F401
    LENGTH,
    WEIGHT,
    Write,
    answer,
    centre_variant,
    device,
    opencl,
    pocl_cache,
    rows,
    unary,
    write,
)
from mutatenn.device import AcceleratorDevice, MutantRun, ProbeFailed
from mutatenn.errors import BaselineError, InputError, MissingToolError
from mutatenn.lowering.device_kernel import Argument, DeviceKernel, DeviceLaunch

TRIPLE = unary("y[i] = x[i] * 3.0f;")


def states(run: MutantRun) -> list[tuple[str, int]]:
    assert run.fate == "completed", run.detail
    return [(row.state, row.first_launch) for row in run.rows]


def test_golden_outputs_are_what_numpy_computes_and_launches_have_times(
    write: Write,  # noqa: F811
) -> None:
    with device(write) as opened:
        golden = opened.golden()
        assert opened.name == "opencl:0"
        assert opened.model
    np.testing.assert_array_equal(golden.outputs[0], answer(rows()))
    assert golden.seconds.shape == (3, 3)
    assert (golden.seconds > 0).all()
    assert golden.rows_cached == 3


def test_an_equal_kernel_is_masked(opencl: AcceleratorDevice, write: Write) -> None:  # noqa: F811
    run = opencl.run("double", write(unary("y[i] = x[i] + x[i];")))
    assert states(run) == [("masked", -1)] * 3
    assert run.outputs_b is None
    assert run.launches == 3 * 2  # each row under both patterns
    np.testing.assert_array_equal(run.outputs[0], answer(rows()))


@pytest.mark.parametrize("cache_mb", [0, 16])
def test_a_mutated_kernel_propagates_whether_or_not_activations_are_kept(
    write: Write,  # noqa: F811
    cache_mb: int,
) -> None:
    with device(write, cache_mb=cache_mb) as opened:
        assert opened.golden().rows_cached == (3 if cache_mb else 0)
        run = opened.run("double", write(TRIPLE))
        late = opened.run("relu", write(unary("y[i] = -x[i];")))
    assert states(run) == [("propagated", 0)] * 3
    np.testing.assert_array_equal(run.outputs[0], answer(rows(), factor=3))
    assert states(late) == [("propagated", 2)] * 3
    assert not any(row.out_of_bounds or row.reads_uninitialised for row in late.rows)


def test_what_a_later_kernel_absorbs_is_infected(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    absorbed = centre_variant("y[i] = (x[i]", "y[i] = fmin(x[i], 1e9f) < -20.0f ? -99.0f : (x[i]")
    x = np.where(rows() < -6, np.float32(-12), rows()).astype(np.float32)
    assert (x * 2 < -20).any(axis=1).all()
    with device(write, x) as opened:
        golden = opened.golden()
        run = opened.run("centre", write(absorbed))
    assert states(run) == [("infected", 1)] * 3
    np.testing.assert_array_equal(run.outputs[0], golden.outputs[0])


def test_nan_is_an_answer(opencl: AcceleratorDevice, write: Write) -> None:  # noqa: F811
    run = opencl.run("relu", write(unary("y[i] = i == 3 ? NAN : fmax(x[i], 0.0f);")))
    assert states(run) == [("propagated", 2)] * 3
    expected = answer(rows())
    expected[:, 3] = np.nan
    np.testing.assert_array_equal(run.outputs[0], expected)


def test_an_element_that_is_not_written_shows_under_the_second_pattern(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    run = opencl.run("relu", write(unary("if (i != 5) y[i] = fmax(x[i], 0.0f);")))
    assert all(row.reads_uninitialised for row in run.rows)
    assert run.outputs_b is not None
    assert run.outputs[0].view(np.uint32)[0, 5] == 0xFFFFFFFF
    assert run.outputs_b[0].view(np.uint32)[0, 5] == 0x7B7B7B7B
    assert run.launches == 3 * 3  # A, B to see whether it matters, and B in full


def test_a_workspace_that_is_not_written_is_seen(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    run = opencl.run("centre", write(centre_variant("sum[0] = all;", "if (n < 0) sum[0] = all;")))
    assert states(run) == [("propagated", 1)] * 3
    assert all(row.reads_uninitialised for row in run.rows)


def test_what_is_read_unwritten_is_seen_even_where_a_maximum_hides_it(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    # Under A it is a NaN, which fmax drops in favour of the number.
    run = opencl.run("relu", write(unary("y[i] = fmax(fmax(x[i], 0.0f), y[i]);")))
    assert {row.state for row in run.rows} == {"propagated"}
    assert all(row.reads_uninitialised for row in run.rows)
    np.testing.assert_array_equal(run.outputs[0], answer(rows()))
    assert run.outputs_b is not None
    assert (run.outputs_b[0] > 1e36).all()


def test_two_kernels_may_be_replaced_at_once(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    opencl.begin_all({"double": write(TRIPLE), "relu": write(unary("y[i] = x[i];"))})
    opencl.fileno()
    run = opencl.end()
    a = rows() * np.float32(3)
    mean = a.sum(axis=1, keepdims=True) * np.float32(1 / LENGTH)
    np.testing.assert_array_equal(run.outputs[0], (a - mean) + WEIGHT)


def flagged(body: str) -> DeviceKernel:
    """``double`` with three flags behind its parameters."""
    source = f"""
    __kernel void k(__global float* y, __global float* x, __global int* flags) {{
      int i = get_global_id(0);
      y[i] = x[i] * 2.0f;
      {body}
    }}"""
    arguments = (Argument("parameter", 1), Argument("parameter", 0), Argument("parameter", 2))
    launch = DeviceLaunch("k", arguments, (LENGTH // 16, 1, 1), (16, 1, 1))
    return DeviceKernel("opencl", source, (launch,), (), 3)


def test_a_probe_says_which_flags_were_raised_on_any_row(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    body = "if (x[i] < 0) flags[0] = 1; if (x[i] > 100) flags[1] = 1; flags[2] = 1;"
    flags = opencl.probe("double", write(flagged(body)), 3)
    assert flags.tolist() == [True, False, True]


def test_a_probe_that_spoils_memory_or_cannot_run_says_nothing(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    with pytest.raises(ProbeFailed, match="Wrote 4 bytes out of bounds"):
        opencl.probe("double", write(flagged("flags[3] = 1;")), 3)
    with pytest.raises(ProbeFailed, match="does not compile"):
        opencl.probe("double", write(flagged("nothing;")), 3)
    with pytest.raises(ProbeFailed, match="counts no steps"):
        opencl.steps("double", write(TRIPLE))


def test_without_poison_a_mutant_runs_once_in_memory_as_it_was_left(
    write: Write,  # noqa: F811
) -> None:
    with device(write, poison=False) as opened:
        opened.golden()
        run = opened.run("relu", write(unary("if (i != 5) y[i] = fmax(x[i], 0.0f);")))
        after = opened.run("double", write(unary("y[i] = x[i] * 2.0f; if (i == 0) y[64] = 1;")))
    assert run.launches == 3
    assert not any(row.reads_uninitialised for row in run.rows)
    assert run.outputs_b is None
    assert states(after) == [("masked", -1)] * 3
    assert not any(row.out_of_bounds for row in after.rows)


def test_a_recheck_finds_the_golden_answers_again(
    opencl: AcceleratorDevice,  # noqa: F811
) -> None:
    assert opencl.recheck() is None
    assert opencl.recheck(1) is None
    with pytest.raises(InputError, match="at least 1"):
        opencl.recheck(0)


def test_a_recheck_tells_of_kernels_that_changed(write: Write) -> None:  # noqa: F811
    kernels = write(unary("y[i] = x[i] * 2.0f;"))
    with device(write) as opened:
        opened.golden()
        path = next(iter(opened._setup.kernels.values()))
        path.write_text(TRIPLE.to_json())
        assert opened.recheck() is None  # the worker has the kernel that it loaded
        pid = opened.worker_pid
        assert pid is not None
        hang = unary("volatile int go = 1; while (go) y[i] += x[i];")
        assert opened.run("relu", write(hang)).fate == "hang"
        fault = opened.recheck()
    assert fault is not None
    assert "another answer" in fault
    assert kernels.exists()


def test_a_whole_run_tells_what_the_plan_answers(write: Write) -> None:  # noqa: F811
    unwritten = {"relu": unary("if (i != 5) y[i] = fmax(x[i], 0.0f);")}
    outside = {"double": unary("y[i] = x[i] * 2.0f; if (i == 0) y[64] = 1;")}
    with device(write) as opened:
        run = opened.whole_run()
    np.testing.assert_array_equal(run.outputs, [answer(rows())])
    assert (run.fate, run.reads_uninitialised, run.writes_out_of_bounds) == (
        "completed",
        False,
        False,
    )
    with device(write, originals={**unwritten, **outside}) as opened:
        run = opened.whole_run()
    assert (run.fate, run.reads_uninitialised, run.writes_out_of_bounds) == (
        "completed",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("if (i) y[i] = x[i];", "different answers"),
        ("y[i] = x[i]; if (!i) y[64] = 1;", r"writes out of bounds: 4 bytes after buffer 4 \(y\)"),
        ("y[i] = x[i]; y[1 << 30] = 1;", "SIGSEGV"),
        ("y[i] = nothing;", "kernel relu: its source does not compile"),
    ],
)
def test_originals_that_are_no_baseline_are_refused(
    write: Write,  # noqa: F811
    body: str,
    message: str,
) -> None:
    with (
        pytest.raises(BaselineError, match=message),
        device(write, originals={"relu": unary(body)}) as opened,
    ):
        opened.golden()


def test_bad_names_and_missing_devices_are_told(write: Write) -> None:  # noqa: F811
    with device(write) as opened:
        arguments = (opened.plan, {2: WEIGHT}, opened._setup.kernels, [rows()])
    with pytest.raises(InputError, match="names no accelerator"):
        AcceleratorDevice("vulkan:0", *arguments)
    with pytest.raises(MissingToolError, match="there is no device opencl:99"):
        AcceleratorDevice("opencl:99", *arguments)
    with pytest.raises(MissingToolError, match=r"CuPy|no device cuda:99"):
        AcceleratorDevice("cuda:99", *arguments)
