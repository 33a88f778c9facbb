"""Kernels through C and the host's compiler: what they answer, their bytes, and what is refused."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def, misc"
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tvm import tirx
from tvm.script import tirx as T  # noqa: N812

import c_kernels
import step_kernels
from device_fixtures import chain
from device_kernels import double
from mutatenn.demo import inputs_path, model_path
from mutatenn.device import Limits, LlvmDevice
from mutatenn.errors import InputError, MissingToolError
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.backends.c import LEVELS
from mutatenn.lowering.c_language import c_source
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.host import host_target
from mutatenn.lowering.kernel import SYMBOL, Artifact, CompileError, parse_target
from mutatenn.lowering.kernel_stage import lower_kernel
from mutatenn.lowering.plan import Buffer, Launch, Plan
from mutatenn.lowering.whole_program import ProgramCompiler
from mutatenn.model import load
from mutatenn.mutation.step_count import count_steps

LLVM = parse_target("llvm")
SCHEDULES = ("none", "default")
PATIENT = Limits(golden_ms=600_000)
NETWORKS = ("resnet20_cifar10", "squeezenet1.1", "mobilenetv2")
KERNELS = [func for func in vars(c_kernels).values() if isinstance(func, tirx.PrimFunc)]


def made(func: Any, folder: Path, device: str = "c") -> Artifact:
    """The object code of a kernel."""
    backend = backend_of(device, LLVM)
    return backend.generate(backend.lower(func), folder)


def source_of(func: Any) -> str:
    """Only what C says of the kernel itself, after the checks of its arguments."""
    return c_source(backend_of("c", LLVM).lower(func))


def ran(func: Any, given: np.ndarray, folder: Path, device: str) -> np.ndarray:
    """What a kernel with one input and one output makes of a row."""
    first, last = func.params
    shapes = [tuple(int(size) for size in buffer.shape) for buffer in (first, last)]
    buffers = (
        Buffer(0, "x", "input", shapes[0], str(first.dtype)),
        Buffer(1, "y", "activation", shapes[1], str(last.dtype)),
    )
    plan = Plan(buffers, (Launch(0, "k", (0,), (1,), ()),), (0,), (1,), "llvm")
    backend = backend_of(device, LLVM)
    library = backend.link(made(func, folder, device), folder / f"{device.replace(':', '-')}.so")
    with LlvmDevice(plan, {}, {"k": library}, [given[None]], name=device) as running:
        return np.array(running.golden().outputs[0][0])


def row_for(func: Any) -> np.ndarray:
    dtype = str(func.params[0].dtype)
    if dtype.startswith("float"):
        return np.random.default_rng(3).normal(scale=4, size=16).astype(dtype)
    return np.random.default_rng(3).integers(-120, 120, 16).astype(dtype)


def answers(lowered: Lowered, folder: Path, rows: np.ndarray, device: str) -> np.ndarray:
    """What a whole model answers by the kernels of a backend."""
    backend = backend_of(device, parse_target(lowered.plan.target))
    kernels = {name: lowered.scheduled[name] for name in lowered.plan.kernels}
    program = ProgramCompiler(backend, folder).program(lowered, kernels)
    with LlvmDevice(
        lowered.plan, lowered.weights, program.libraries, [rows], limits=PATIENT, name=device
    ) as running:
        return np.array(running.golden().outputs[0])


def check_model(path: Path, schedule: str, rows: np.ndarray, folder: Path) -> None:
    """By C a model answers as by LLVM, within rounding; without fused sums, to the bit."""
    target = "llvm" if schedule == "none" else host_target()
    lowered = lower(load(path), target, schedule)
    by_llvm = answers(lowered, folder, rows, "llvm")
    by_c = answers(lowered, folder, rows, "c")
    if schedule == "none":
        np.testing.assert_array_equal(by_c, by_llvm)
    assert np.abs(by_c - by_llvm).max() <= 1e-5 * np.abs(by_llvm).max()
    assert np.ptp(by_llvm) > 0


@pytest.mark.parametrize("device", ["c:O0", "c", "c:O3"])
@pytest.mark.parametrize("func", KERNELS, ids=lambda func: str(func.attrs["global_symbol"]))
def test_c_means_what_llvm_does_of_it(func: Any, device: str, tmp_path: Path) -> None:
    given = row_for(func)
    by_llvm = ran(func, given, tmp_path, "llvm")
    np.testing.assert_array_equal(ran(func, given, tmp_path, device), by_llvm)


def test_all_lanes_are_read_before_one_is_written(tmp_path: Path) -> None:
    given = np.arange(16, dtype=np.float32)
    shifted = ran(c_kernels.shifts_in_place, given, tmp_path, "c")
    np.testing.assert_array_equal(shifted, [0, *range(8), *range(9, 16)])


def test_a_sum_in_place_needs_no_copy_and_one_that_overlaps_does() -> None:
    assert "values" not in source_of(c_kernels.adds_in_place)
    assert "values" in source_of(c_kernels.shifts_in_place)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_demo_answers_by_c_as_by_llvm(schedule: str, tmp_path: Path) -> None:
    with np.load(inputs_path()) as shipped:
        rows = shipped["images"][:4]
    check_model(model_path(), schedule, rows, tmp_path)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("network", NETWORKS)
def test_networks_answer_by_c_as_by_llvm(
    network: str, schedule: str, data: Path, tmp_path: Path
) -> None:
    path = data / "models" / f"{network}.onnx"
    side = 32 if network.endswith("cifar10") else 224
    rows = np.random.default_rng(5).normal(size=(1, 1, 3, side, side)).astype(np.float32)
    check_model(path, schedule, rows, tmp_path)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_kernel_of_either_stage_gives_the_same_code(schedule: str, tmp_path: Path) -> None:
    target = "llvm" if schedule == "none" else host_target()
    lowered = lower(load(model_path()), target, schedule)
    backend = backend_of("c", parse_target(target))
    for name in lowered.plan.kernels[:3]:
        func = lowered.scheduled[name]
        flat = lower_kernel(func, name, parse_target(target))
        assert backend.lower(flat).same_as(backend.lower(func))


@pytest.mark.parametrize("func", [step_kernels.count_up, step_kernels.left_early])
def test_a_counted_build_tells_the_same_steps(func: Any, tmp_path: Path) -> None:
    flat = lower_kernel(func, SYMBOL, LLVM)
    given = np.array([[1, 2, 3, 4, 5, 6, 7, 8]], np.float32)
    told = []
    for device in ("llvm", "c"):
        backend = backend_of(device, LLVM)
        libraries = [
            backend.link(
                backend.generate(backend.lower(each), tmp_path), tmp_path / f"{device}{number}.so"
            )
            for number, each in enumerate((flat, count_steps(flat)))
        ]
        with LlvmDevice(chain(["k"]), {}, {"k": libraries[0]}, [given], name=device) as running:
            running.golden()
            told.append(running.steps("k", libraries[1]))
    assert told[0] == told[1] and told[0][0] > 8


def test_equal_kernels_give_equal_bytes_wherever_they_are_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    one = made(double, first)
    monkeypatch.chdir(second)
    other = made(double.with_attr("global_symbol", "another_name"), second)
    assert one == other
    for path in (str(tmp_path), str(Path.cwd()), str(Path.home())):
        assert path.encode() not in one.code


def test_a_library_has_the_symbol_of_the_llvm_backend(tmp_path: Path) -> None:
    artifact = made(double, tmp_path)
    library = backend_of("c", LLVM).link(artifact, tmp_path / "k.so")
    assert f"__tvm_ffi_{SYMBOL}\0".encode() in library.read_bytes()


def test_the_levels_are_those_of_the_compiler(tmp_path: Path) -> None:
    codes = {device: made(c_kernels.adds_in_place, tmp_path, device).code for device in LEVELS}
    assert codes["c"] == codes["c:O3"]
    assert len(set(codes.values())) >= 4


@pytest.mark.parametrize("device", ["c:", "c:O4", "c:0", "c:O2-native"])
def test_a_level_that_there_is_not_is_refused(device: str) -> None:
    with pytest.raises(InputError, match=f"no device '{device}'; there are: c, c:O0, c:O1"):
        backend_of(device, LLVM)


def test_kernels_for_another_processor_are_refused() -> None:
    target = parse_target("opencl")
    with pytest.raises(InputError, match=r"device c:O3 runs .* kind llvm, .* of kind opencl"):
        backend_of("c:O3", target)


def test_without_a_compiler_the_missing_tool_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match=r"no C compiler \(gcc, cc, clang\); install one"):
        backend_of("c", LLVM)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ("no-such-compiler -m64", "CC names 'no-such-compiler', and there is no such program"),
        ("gcc '", "which is no command"),
    ],
)
def test_a_compiler_that_is_chosen_must_be_there(
    chosen: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", chosen)
    with pytest.raises(MissingToolError, match=message):
        backend_of("c", LLVM)


def test_a_compiler_that_is_chosen_is_taken_with_its_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "cc -DUNUSED -fno-no-such-option")
    with pytest.raises(CompileError, match=r"error: .*no-such-option"):
        made(double, tmp_path)


def test_what_the_compiler_rejects_is_told_by_its_first_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "compiler"
    said = ["k.c: warning: w", "k.c:7: error: the first", "k.c:8: error: the second"]
    compiler.write_text("#!/bin/sh\n" + "".join(f"echo '{line}' >&2\n" for line in said) + "exit 1")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    with pytest.raises(CompileError, match=r"compiler: k\.c:7: error: the first$"):
        made(double, tmp_path)


def test_a_vector_without_lanes_of_its_own_is_refused_by_name(tmp_path: Path) -> None:
    @T.prim_func(s_tir=True)
    def halved(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):  # noqa: N803
        C[T.Ramp(0, 1, 4)] = T.vectorlow("float32x4", A[T.Ramp(0, 1, 8)])

    with pytest.raises(CompileError, match=r"no C for the kernel: a vector by tirx\.vectorlow"):
        made(halved, tmp_path)


def test_the_device_and_its_siblings_have_the_name_that_was_asked_for(tmp_path: Path) -> None:
    backend = backend_of("c:O1", LLVM)
    library = backend.link(made(double, tmp_path, "c:O1"), tmp_path / "k.so")
    buffers: Sequence[Buffer] = (
        Buffer(0, "x", "input", (8,), "float32"),
        Buffer(1, "y", "activation", (8,), "float32"),
    )
    plan = Plan(tuple(buffers), (Launch(0, "k", (0,), (1,), ()),), (0,), (1,), "llvm")
    rows = np.ones((1, 8), np.float32)
    with pytest.raises(InputError, match="kernel k of the plan has no library for the device c:O1"):
        LlvmDevice(plan, {}, {}, [rows], name="c:O1")
    with LlvmDevice(plan, {}, {"k": library}, [rows], name="c:O1") as device:
        device.golden()
        with device.sibling() as twin:
            assert device.name == twin.name == "c:O1"
