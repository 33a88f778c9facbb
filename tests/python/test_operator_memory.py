"""`shrink-alloc`, `change-scope`, `drop-cache-stage`: too little memory, the wrong one, no copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import tirx

from device_fixtures import chain, compile_to, compiled, device, rows  # noqa: F401
from flat_kernels import flat, run_flat
from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import out_of_bounds
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import ChangeScope, DropCacheStage, ShrinkAlloc
from operator_kernels import changed_places, each, module

INPUT = np.arange(1, 9, dtype="float32")
DROP = "drop-cache-stage"


def cached(extent: int = 16, scope: str = "global", kept: bool = True) -> Any:
    """C is A in a cache that is filled twice over, and read backwards."""
    copy = "for i in range(16):\n    cache[i] = A[i % 8]\n" if kept else ""
    alloc = f"cache = T.alloc_buffer(({extent},), scope='{scope}')\n"
    return flat(f"{alloc}{copy}{each('C[i] = cache[15 - i]')}")


def blocks(shape: str = "(1, 4, 2)") -> Any:
    """The same in blocks, through a buffer of three axes."""
    return module(
        f"""
        with T.sblock('stage'):
            T.reads()
            T.writes()
            cache = T.sblock_alloc_buffer({shape})
            for i, j in T.grid(4, 2):
                with T.sblock('fill'):
                    v, w = T.axis.remap('SS', [i, j])
                    cache[0, v, w] = A[v * 2 + w]
            for i, j in T.grid(4, 2):
                with T.sblock('use'):
                    v, w = T.axis.remap('SS', [i, j])
                    C[v * 2 + w] = cache[0, v, w]
        """
    )


def on_threads(scope: str) -> Any:
    body = f"""
        with T.launch_thread('threadIdx.x', 8) as t:
            cache = T.alloc_buffer((8,), scope='{scope}')
            cache[t] = A[t]
            C[t] = cache[7 - t]
    """
    return flat(body, target="opencl")


def offered(mod: Any, operator: str, *others: str, **settings: str) -> list[str]:
    found = enumerate_mutants(mod, [operator, *others], settings)
    return [mutant.replacement for mutant in found if mutant.operator == operator]


def assert_becomes(mutant: Any, expected: Any) -> None:
    tvm.ir.assert_structural_equal(mutant, expected)


@pytest.mark.parametrize(("by", "extent"), [("one", 15), ("half", 8)])
def test_an_allocation_becomes_smaller_and_what_uses_it_follows(by: Any, extent: int) -> None:
    assert_becomes(ShrinkAlloc(by=by)(cached()), cached(extent))


@pytest.mark.parametrize(("by", "shape"), [("one", "(1, 3, 2)"), ("half", "(1, 2, 2)")])
def test_a_blocks_allocation_shrinks_on_its_outermost_axis(by: Any, shape: str) -> None:
    assert_becomes(ShrinkAlloc(by=by)(blocks()), blocks(shape))


def test_nothing_but_the_buffer_is_exchanged() -> None:
    mod = cached()
    places = changed_places(mod["main"].body, ShrinkAlloc()(mod)["main"].body)
    fields = {place.rsplit(".", 2)[-1] for place in places}
    assert fields <= {"value", "shape[0]"} and len(places) == 3, places


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("(1, 4, 2)", ["buffer=0,by=one", "buffer=0,by=half"]),
        ("(2, 4, 2)", ["buffer=0,by=one"]),
        ("(3, 4, 2)", ["buffer=0,by=one", "buffer=0,by=half"]),
    ],
)
def test_each_size_is_offered_once(shape: str, expected: list[str]) -> None:
    assert offered(blocks(shape), "shrink-alloc") == expected


def test_a_buffer_of_one_element_is_left_alone() -> None:
    body = "one = T.alloc_buffer((1,))\n" + each("one[0] = A[i]\nC[i] = one[0]")
    assert offered(flat(body), "shrink-alloc") == []


def test_of_several_allocations_one_is_chosen_by_its_number() -> None:
    def two(first: int, second: int) -> Any:
        allocs = f"X = T.alloc_buffer(({first},))\nY = T.alloc_buffer(({second},))\n"
        return flat(allocs + each("X[i] = A[i]\nY[i] = X[i]\nC[i] = Y[i]"))

    assert_becomes(ShrinkAlloc(buffer=1)(two(8, 8)), two(8, 7))
    assert offered(two(8, 8), "shrink-alloc", buffer="1", by="half") == ["buffer=1,by=half"]
    with pytest.raises(ValueError, match="does not fit site 0"):
        ShrinkAlloc(buffer=2)(two(8, 8))


def test_what_is_beyond_the_smaller_allocation_is_proved() -> None:
    original = cached()
    mutant = ShrinkAlloc()(original)
    said = [str(one) for one in out_of_bounds(accesses(original["main"]), mutant["main"])]
    assert len(said) == 2
    assert all("1 element (4 bytes) after cache" in one for one in said), said


def test_a_write_beyond_the_smaller_allocation_is_caught_as_it_runs(tmp_path: Path) -> None:
    body = (
        "W = T.alloc_buffer((1024,))\nfor i in range(1024):\n    W[i] = A[i % 8] * T.float32(2)\n"
    )
    kernel = f"{body}for i in range(8):\n    C[i] = W[i + 1016]"
    original = one_input(flat(kernel))
    mutant = ShrinkAlloc(by="one")(original)
    folders = tmp_path / "original", tmp_path / "mutant"
    for folder in folders:
        folder.mkdir()
    sound = compile_to(folders[0], original["main"])
    shrunk = compile_to(folders[1], mutant["main"])
    with device(lambda _: sound, chain(["double"]), rows(3, 8)) as opened:
        opened.golden()
        run = opened.run("double", shrunk)
    (write,) = run.rows[0].out_of_bounds
    assert (write.buffer, write.side, write.distance) == (None, "after", 4)


def one_input(mod: Any) -> Any:
    """The kernel without B."""
    func = mod["main"]
    first, _, last = func.params
    bare = tirx.PrimFunc([first, last], func.body, func.ret_type, func.attrs)
    return tvm.IRModule({"main": bare.without_attr("target")})


@pytest.mark.parametrize(("scope", "other"), [("shared", "local"), ("local", "shared")])
def test_on_threads_shared_becomes_private_and_the_reverse(scope: str, other: str) -> None:
    mod = on_threads(scope)
    assert_becomes(ChangeScope()(mod), on_threads(other))
    (mutant,) = enumerate_mutants(mod, ["change-scope"])
    assert not mutant.semantics_preserving
    assert mutant.replacement == f"buffer=0,to={other}"


@pytest.mark.parametrize(("scope", "other"), [("global", "local"), ("local", "global")])
def test_on_a_cpu_the_stack_or_a_workspace_keeps_the_meaning(scope: str, other: str) -> None:
    mod = cached(scope=scope)
    (mutant,) = enumerate_mutants(mod, ["change-scope"])
    assert mutant.semantics_preserving
    moved = ChangeScope()(mod)
    assert_becomes(moved, cached(scope=other))
    assert run_flat(moved, INPUT).tolist() == run_flat(mod, INPUT).tolist() == [*INPUT[::-1]]


@pytest.mark.parametrize(
    "mod",
    [
        pytest.param(cached(extent=256), id="a workspace under either scope"),
        pytest.param(blocks(), id="stage tensor"),
        pytest.param(
            flat(
                "cache = T.alloc_buffer((8,))\n"
                "view = T.decl_buffer((4, 2), data=cache.data)\n"
                + each("cache[i] = A[i]\nC[i] = view[i // 2, i % 2]")
            ),
            id="another name of it",
        ),
        pytest.param(
            flat(
                """
                cache = T.alloc_buffer((8,))
                with T.launch_thread('threadIdx.x', 8) as t:
                    cache[t] = A[t]
                with T.launch_thread('threadIdx.x', 8) as t:
                    C[t] = cache[t]
                """,
                target="opencl",
            ),
            id="between two launches",
        ),
    ],
)
def test_a_scope_that_cannot_change_or_does_not_matter_is_left_alone(mod: Any) -> None:
    assert offered(mod, "change-scope") == []


def test_a_cache_is_not_filled() -> None:
    unfilled = DropCacheStage()(cached())
    assert "T.evaluate(0)" in unfilled.script()
    assert_becomes(tirx.transform.RemoveNoOp()(unfilled), cached(kept=False))


def test_a_stage_of_blocks_is_dropped_with_its_loops() -> None:
    mutant = DropCacheStage()(blocks())["main"].script()
    assert 'sblock("fill")' not in mutant and 'sblock("use")' in mutant


def test_a_padded_copy_is_a_stage() -> None:
    pad = "P = T.alloc_buffer((9,))\nfor i in range(9):\n"
    pad += "    P[i] = T.if_then_else(i < 8, A[i], T.float32(0))\n"
    places = [m.path for m in enumerate_mutants(flat(pad + each("C[i] = P[i + 1] * A[i]")), [DROP])]
    assert places == [".seq[1]"]


UNROLLED = """\
X = T.alloc_buffer((2,))
Y = T.alloc_buffer((2,))
X[0] = A[0]
Y[0] = B[0]
X[1] = A[1]
Y[1] = B[1]
C[0] = X[0] * Y[1]
C[1] = X[1] * Y[0]
"""


def test_an_unrolled_stage_is_dropped_in_all_its_statements() -> None:
    mod = flat(UNROLLED)
    assert offered(mod, DROP) == ["stage=0", "stage=1"]
    mutant = tirx.transform.RemoveNoOp()(DropCacheStage(stage=1)(mod))
    lines = [line for line in UNROLLED.splitlines() if not line.startswith("Y[")]
    assert_becomes(mutant, flat("\n".join(lines)))


def test_a_stage_is_written_back_nowhere() -> None:
    kernel = "R = T.alloc_buffer((8,))\n" + each("R[i] = A[i] * T.float32(2)") + "\n"
    mod = flat(kernel + each("C[i] = R[i]"))
    assert run_flat(mod, INPUT, c=-1).tolist() == [*(INPUT * 2)]
    assert run_flat(DropCacheStage()(mod), INPUT, c=-1).tolist() == [-1] * 8


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(each("B[i] = A[i]") + "\n" + each("C[i] = B[i]"), id="parameters"),
        pytest.param(
            "R = T.alloc_buffer((8,))\n" + each("R[i] = A[i] + B[i]\nC[i] = R[i] * A[i]"),
            id="stages that compute",
        ),
    ],
)
def test_what_is_no_stage_is_left_alone(body: str) -> None:
    assert offered(flat(body), DROP) == []


def test_filling_a_cache_and_writing_it_back_are_two_stages() -> None:
    assert [one.path for one in enumerate_mutants(cached(), [DROP])] == [".seq[1]", ".seq[2]"]
