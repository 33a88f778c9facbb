"""Lowered code: what code is generated from, when two kernels have the same, and what it costs."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"
from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest
import tvm
from tvm.script import tirx as T  # noqa: N812

import device_kernels as kernels
from alike_kernels import guarded, neutral
from mutatenn.demo import model_path
from mutatenn.lowering.extract import lower
from mutatenn.lowering.kernel import SYMBOL, compile_kernel, generate, link, lower_alone
from mutatenn.lowering.kernel import parse_target as target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.lowering.lowered_code import without_names
from mutatenn.model import load

LLVM = target("llvm")


def reading(*, first: bool) -> Any:
    @T.prim_func(s_tir=True)
    def reading(
        A: T.Buffer((8,), "float32"),  # noqa: N803
        B: T.Buffer((8,), "float32"),  # noqa: N803
        C: T.Buffer((8,), "float32"),  # noqa: N803
    ):
        for i in range(8):
            with T.sblock("C"):
                v = T.axis.spatial(8, i)
                C[v] = T.if_then_else(T.bool(first), A[v] - B[v], B[v] - A[v])

    return reading


def on_a_device(factor: float) -> Any:
    @T.prim_func(s_tir=True)
    def on_a_device(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):  # noqa: N803
        for i in T.thread_binding(8, "threadIdx.x"):
            with T.sblock("C"):
                v = T.axis.spatial(8, i)
                C[v] = A[v] * T.float32(factor)

    return on_a_device


@pytest.mark.parametrize("kernel", [neutral(8, T.serial), guarded(8, T.parallel)])
def test_code_made_in_two_steps_is_tvms_own_byte_for_byte(kernel: Any, tmp_path: Path) -> None:
    mod = tvm.IRModule({SYMBOL: kernel.with_attr("global_symbol", SYMBOL)})
    tvm.compile(mod, target=LLVM).mod.write_to_file(str(tmp_path / "whole.o"), "obj")
    assert compile_kernel(kernel, LLVM, tmp_path).code == (tmp_path / "whole.o").read_bytes()


def test_equal_kernels_have_equal_code_and_hashes_and_bytes(tmp_path: Path) -> None:
    one, other = (lower_alone(guarded(8, T.serial), LLVM) for _ in range(2))
    assert one.same_as(other) and one.hash == other.hash
    assert generate(one, tmp_path) == generate(other, tmp_path)


def test_the_name_of_a_kernel_is_not_part_of_the_code() -> None:
    func = guarded(8, T.serial)
    renamed = func.with_attr("global_symbol", "another_name")
    assert lower_alone(func, LLVM).hash == lower_alone(renamed, LLVM).hash


def test_which_buffer_is_which_is_part_of_the_code() -> None:
    one, other = (lower_alone(reading(first=each), LLVM) for each in (True, False))
    assert not one.same_as(other) and one.hash != other.hash


def test_other_kernels_have_other_code() -> None:
    one, other = lower_alone(kernels.double, LLVM), lower_alone(kernels.triple, LLVM)
    assert not one.same_as(other) and one.hash != other.hash


def test_the_target_is_not_part_of_the_code() -> None:
    baseline = target('{"kind": "llvm", "mcpu": "x86-64"}')
    newer = target('{"kind": "llvm", "mcpu": "x86-64-v2"}')
    one, other = (lower_alone(kernels.double, each) for each in (baseline, newer))
    assert one.same_as(other) and one.hash == other.hash


@pytest.mark.parametrize("kind", ["opencl", "cuda"])
def test_code_for_a_device_is_lowered_and_compared_without_one(kind: str) -> None:
    first, second, other = (lower_alone(on_a_device(factor), target(kind)) for factor in (2, 2, 3))
    assert len(first.devices) == 1
    assert first.same_as(second) and first.hash == second.hash
    assert not first.same_as(other) and first.hash != other.hash


def test_another_process_finds_the_same_hash() -> None:
    script = f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        import device_kernels, mutatenn
        from mutatenn.lowering.kernel import lower_alone, parse_target
        print(lower_alone(device_kernels.double, parse_target("llvm")).hash)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == lower_alone(kernels.double, LLVM).hash


def test_lowering_is_the_small_part_of_compiling(tmp_path: Path) -> None:
    spent = dict.fromkeys(("lowering", "hashing", "generating code", "linking"), 0.0)
    lowered = lower(load(model_path()), "llvm")
    flat = lower_kernels(lowered.module, LLVM)
    for name in lowered.plan.kernels:
        times = [time.perf_counter()]
        code = lower_alone(flat[name], LLVM)
        times.append(time.perf_counter())
        assert code.hash
        times.append(time.perf_counter())
        artifact = generate(code, tmp_path)
        times.append(time.perf_counter())
        link(artifact, tmp_path / f"{name}.so")
        times.append(time.perf_counter())
        for step, begin, end in zip(spent, times, times[1:], strict=False):
            spent[step] += end - begin
    count = len(lowered.plan.kernels)
    print({step: f"{seconds / count * 1e3:.1f} ms" for step, seconds in spent.items()})
    assert all(seconds > 0 for seconds in spent.values())


def test_equal_kernels_with_other_names_of_parameters_have_equal_code() -> None:
    one, other = (
        tvm.script.from_source(
            "@T.prim_func(private=True, s_tir=True)\n"
            f"def main({a}: T.Buffer((4,), 'float32'), {b}: T.Buffer((4,), 'float32')):\n"
            "    for i in range(4):\n"
            "        with T.sblock('copy'):\n"
            "            v = T.axis.spatial(4, i)\n"
            f"            {b}[v] = {a}[v] + T.float32(1)\n",
            {"T": T},
        )
        for a, b in (("lv", "out"), ("p_lv1", "gv"))
    )
    assert not lower_alone(one, LLVM).same_as(lower_alone(other, LLVM))
    codes = [lower_alone(without_names(each), LLVM) for each in (one, other)]
    assert codes[0].same_as(codes[1])
    assert codes[0].hash == codes[1].hash
