"""Schedule rules: chosen by structure, deterministic, and true to what the kernel computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tvm
import tvm_ffi
from hypothesis import given
from hypothesis import strategies as st
from tvm import te, tirx

import unseen_networks
from mutatenn.errors import InputError
from mutatenn.lowering.fuse import fuse
from mutatenn.lowering.machine import Machine
from mutatenn.lowering.schedule import scheduler_for
from mutatenn.lowering.tiles import choose_tile, whole_rows
from schedule_helpers import answers, difference, imported, random_input

AVX512 = tvm.target.Target({"kind": "llvm", "mcpu": "skylake-avx512"})
PLAIN = tvm.target.Target("llvm")


def matmul(rows: int, columns: int, depth: int, names: str = "abc") -> Any:
    """C = A B as a PrimFunc whose tensors and blocks have these names."""
    a = te.placeholder((rows, depth), name=names[0])
    b = te.placeholder((depth, columns), name=names[1])
    k = te.reduce_axis((0, depth), "k")
    c = te.compute((rows, columns), lambda i, j: te.sum(a[i, k] * b[k, j], axis=k), name=names[2])
    return te.create_prim_func([a, b, c])


def row_sums(rows: int, columns: int) -> Any:
    a = te.placeholder((rows, columns), name="a")
    k = te.reduce_axis((0, columns), "k")
    return te.create_prim_func([a, te.compute((rows,), lambda i: te.sum(a[i, k], axis=k))])


def text_of(func: Any, target: Any = AVX512, threads: int = 2) -> str:
    return str(scheduler_for(target, threads).schedule(func).func.script())


@pytest.mark.parametrize("network", ["vit", "mixer", "unet"])
def test_a_network_that_no_rule_was_written_for_gives_the_same_answers(
    network: str, tmp_path: Path
) -> None:
    small = {"vit": {"image": 32}, "mixer": {"image": 32}, "unet": {"image": 16}}[network]
    mod = imported(getattr(unseen_networks, network)(**small), tmp_path)
    fused = fuse(mod)
    scheduler = scheduler_for(PLAIN, 2)
    scheduled = fused.clone()
    for var, func in fused.functions.items():
        if isinstance(func, tirx.PrimFunc):
            scheduled.update_func(var, scheduler.schedule(func).func)
    data = random_input(mod)
    assert difference(answers(scheduled, data), answers(fused, data)) < 1e-5


def test_names_of_blocks_and_buffers_do_not_matter() -> None:
    one = scheduler_for(AVX512, 2).schedule(matmul(64, 64, 64, "abc")).func
    two = scheduler_for(AVX512, 2).schedule(matmul(64, 64, 64, "xyz")).func
    assert _anonymous(one) == _anonymous(two)


def _anonymous(func: Any) -> str:
    """The script with the names of the blocks' own buffers made one."""
    text = str(func.script())
    for old, new in (("x", "a"), ("y", "b"), ("z", "c")):
        for suffix in ("[", ":", "_init", "_update", '"', "_local", ","):
            text = text.replace(f"{old}{suffix}", f"{new}{suffix}")
    return text


def test_the_same_kernel_gets_the_same_schedule_every_time() -> None:
    func = matmul(96, 64, 32)
    first = scheduler_for(AVX512, 2).schedule(func)
    second = scheduler_for(AVX512, 2).schedule(func)
    assert tvm_ffi.structural_equal(first.func, second.func)
    assert str(first.trace) == str(second.trace)


def test_the_kernel_itself_is_not_changed() -> None:
    func = matmul(96, 64, 32)
    before = str(func.script())
    scheduler_for(AVX512, 2).schedule(func)
    assert str(func.script()) == before


def test_a_product_uses_vectors_of_the_machine() -> None:
    assert "T.vectorized(16)" in text_of(matmul(64, 64, 64)).replace("T.int64(16)", "16")
    plain = text_of(matmul(64, 64, 64), PLAIN).replace("T.int64(4)", "4")
    assert "T.vectorized(4)" in plain


def test_large_work_is_shared_and_small_work_is_not() -> None:
    assert "T.parallel" in text_of(matmul(256, 256, 256))
    assert "T.parallel" not in text_of(matmul(8, 16, 8))


def test_columns_that_no_vector_divides_are_padded_to_whole_vectors() -> None:
    text = text_of(matmul(197, 197, 64))
    assert "208" in text
    assert "T.vectorized" in text


def test_a_sum_along_memory_is_summed_in_lanes() -> None:
    scheduled = scheduler_for(AVX512, 2).schedule(row_sums(64, 256))
    assert "rf" in str(scheduled.func.script())
    assert any("its last output axis is not contiguous" in note for note in scheduled.notes)


def test_a_rule_that_does_not_apply_says_why() -> None:
    notes = scheduler_for(AVX512, 2).schedule(row_sums(64, 197)).notes
    assert any("its last summed axis of 197 fills no vector" in note for note in notes)


def test_targets_without_schedules_are_refused_in_one_sentence() -> None:
    with pytest.raises(InputError, match=r"no schedules for targets of kind c .*--schedule none"):
        scheduler_for(tvm.target.Target("c"), 1)


def test_a_machine_is_read_from_the_features_of_its_cpu() -> None:
    assert Machine.of(AVX512, 2) == Machine(lanes=16, registers=32, threads=2)
    haswell = tvm.target.Target({"kind": "llvm", "mcpu": "haswell"})
    assert Machine.of(haswell, 1) == Machine(lanes=8, registers=16, threads=1)


@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([16, 32]))
def test_a_tile_divides_the_work_and_fits_the_registers(
    rows: int, blocks: int, registers: int
) -> None:
    tile = choose_tile(rows, blocks, Machine(16, registers, 2))
    assert rows % tile.rows == 0
    assert blocks % tile.blocks == 0
    assert tile.rows * tile.blocks <= registers - 4


@given(st.integers(1, 3000))
def test_padding_rows_never_adds_more_than_it_says(rows: int) -> None:
    multiple = whole_rows(rows)
    padded = -(-rows // multiple) * multiple
    assert padded <= rows * 1.15
