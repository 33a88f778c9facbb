"""`tweak-store`, `drop-store` and `duplicate-store`: stores that are off, missing or made twice."""

from __future__ import annotations

from typing import Any

import pytest
import tvm
from tvm import tirx

from mutatenn.lowering.stage import at_stage
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import DropStore, DuplicateStore, TweakStore
from operator_kernels import block, body_of, each, module, run, with_body

AMOUNTS = [
    ("int32", "add", 1, "{} + 1"),
    ("int32", "sub", -3, "{} - -3"),
    ("int32", "mul", 3, "{} * 3"),
    ("int32", "div", 2, "{} // 2"),
    ("float32", "add", 0.5, "{} + T.float32(0.5)"),
    ("float32", "sub", 2, "{} - T.float32(2)"),
    ("float32", "mul", -1.5, "{} * T.float32(-1.5)"),
    ("float32", "div", 4, "{} / T.float32(4)"),
]


def store(value: str, dtype: str = "float32") -> Any:
    return module(each(f"C[i] = {value}"), dtype)


def offered(mod: Any, operator: str) -> list[str]:
    return [mutant.replacement for mutant in enumerate_mutants(mod, [operator])]


def preserving(mod: Any) -> list[bool]:
    return [m.semantics_preserving for m in enumerate_mutants(mod, ["duplicate-store"])]


@pytest.mark.parametrize(("dtype", "action", "amount", "text"), AMOUNTS)
def test_a_stored_value_is_off_by_an_amount_of_its_type(
    dtype: str, action: Any, amount: float, text: str
) -> None:
    expected = store(text.format("(A[i] + B[i])"), dtype)
    mutant = TweakStore(action=action, amount=amount)(store("A[i] + B[i]", dtype))
    tvm.ir.assert_structural_equal(mutant, expected)


def test_each_action_is_offered_once_and_a_literal_once_by_its_value() -> None:
    each_action = ["add,amount=0.5", "sub,amount=0.5", "mul,amount=2", "div,amount=2"]
    assert offered(store("A[i]"), "tweak-store") == [f"action={one}" for one in each_action]
    ones = store("T.int32(1)", "int32")
    assert offered(ones, "tweak-store") == ["action=add,amount=1", "action=sub,amount=1"]
    assert offered(store("T.float32(0)"), "tweak-store") == [
        "action=add,amount=0.5",
        "action=sub,amount=0.5",
    ]


@pytest.mark.parametrize(
    ("dtype", "value", "settings"),
    [
        pytest.param("float32", "A[i]", {"amount": 1.00000001, "action": "mul"}, id="1 in float32"),
        pytest.param("float16", "A[i]", {"amount": 1e-9, "action": "add"}, id="0 in float16"),
        pytest.param("float16", "A[i]", {"amount": 1e6, "action": "add"}, id="beyond float16"),
        pytest.param("float32", "A[i]", {"amount": 0, "action": "div"}, id="by 0"),
        pytest.param("float32", "T.float32(1e9)", {"amount": 1, "action": "add"}, id="1e9 + 1"),
        pytest.param("int32", "A[i]", {"amount": 0.5}, id="a fraction of integers"),
        pytest.param("int8", "A[i]", {"amount": 200}, id="an amount beyond int8"),
        pytest.param("int8", "T.int8(127)", {"action": "add"}, id="a literal beyond int8"),
        pytest.param("int32", "T.int32(0)", {"action": "mul"}, id="twice 0"),
    ],
)
def test_an_amount_that_changes_nothing_or_does_not_fit_is_refused(
    dtype: str, value: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="does not fit site 0"):
        TweakStore(**settings)(store(value, dtype))


def test_booleans_are_not_tweaked() -> None:
    assert offered(store("A[i] and B[i]", "bool"), "tweak-store") == []


def test_a_tweaked_store_changes_what_a_kernel_computes() -> None:
    assert run(TweakStore(action="mul", amount=3)(store("A[i]")), range(8)).tolist() == [
        3 * number for number in range(8)
    ]


TWO = "C[i] = A[i]\nC[7 - i] = B[i]"


def test_a_dropped_store_leaves_the_others() -> None:
    mod = module(each(TWO))
    loop = body_of(mod["main"])
    # TVMScript leaves statements that do nothing out.
    body = tirx.SeqStmt([tirx.Evaluate(0), loop.body.seq[1]])
    expected = with_body(
        mod["main"], tirx.For(loop.loop_var, loop.min, loop.extent, loop.kind, body)
    )
    mutant = DropStore()(mod)["main"]
    tvm.ir.assert_structural_equal(mutant.body, expected.body)
    assert run(DropStore()(mod), range(8), range(8)).tolist() == list(range(8))[::-1]


def test_a_block_without_its_store_declares_no_access() -> None:
    text = (
        "with T.sblock('compute'):\n    v = T.axis.spatial(8, i)\n    T.reads()\n    T.writes()\n"
        "    T.evaluate(0)"
    )
    mutant = DropStore()(module(block("C[v] = A[v]")))
    tvm.ir.assert_structural_equal(mutant, module(each(text)))
    assert run(mutant, range(8)).tolist() == [0] * 8


def test_dropping_an_initialisation_is_left_to_drop_init() -> None:
    mod = module(
        "for i in range(8):\n    with T.sblock('sum'):\n        r = T.axis.reduce(8, i)\n"
        "        with T.init():\n            C[0] = T.float32(0)\n        C[0] = C[0] + A[r]"
    )
    both = enumerate_mutants(mod, ["drop-store"], redundant=True)
    assert [mutant.path.rpartition(".")[2] for mutant in both] == ["init", "body"]
    assert run(DropStore(site=1)(mod), range(8)).tolist() == [0] * 8


def test_a_store_of_what_stands_there_is_neither_dropped_nor_made_twice() -> None:
    mod = module(each("C[i] = C[i]\nC[i] = C[7 - i]"))
    for operator in ("drop-store", "duplicate-store"):
        (mutant,) = enumerate_mutants(mod, [operator])
        assert mutant.path.endswith("seq[1]")


def test_a_store_is_made_twice_in_its_place() -> None:
    expected = module(each("C[i] = A[i]\nC[i] = A[i]"))
    tvm.ir.assert_structural_equal(DuplicateStore()(module(each("C[i] = A[i]"))), expected)


def test_an_accumulation_counts_twice() -> None:
    mod = module(each("C[i] = C[i] + A[i]"))
    assert preserving(mod) == [False]
    assert run(DuplicateStore()(mod), range(8)).tolist() == [2 * number for number in range(8)]


@pytest.mark.parametrize(
    ("value", "same"),
    [
        ("A[i] * T.exp(B[i])", True),
        ("T.max(C[i], A[i])", True),
        ("T.min(A[i], C[i])", True),
        ("T.max(C[i], C[7 - i])", False),
        ("T.max(C[7 - i], A[i])", False),
        ("A[T.Cast('int32', C[i])]", False),
        ("T.call_extern('float32', 'rand')", False),
        ("T.if_then_else(i < 4, A[i], C[i])", False),
    ],
)
def test_a_store_keeps_the_meaning_unless_it_may_read_what_it_writes(
    value: str, same: bool
) -> None:
    assert preserving(store(value)) == [same]


def test_a_store_whose_place_is_read_from_the_memory_that_it_writes_is_not_idempotent() -> None:
    assert preserving(module(each("C[C[i]] = A[i]"), "int32")) == [False]


def test_views_of_one_memory_are_one_memory() -> None:
    views = "D = T.decl_buffer((8,), 'float32', data=C.data)\n"
    flat = at_stage(module(views + each("D[i] = C[i] + A[i]")), "kernel")[0]
    assert preserving(flat) == [False]
    apart = at_stage(module(each("C[i] = B[i] + A[i]")), "kernel")[0]
    assert "decl_buffer" in apart.script()
    assert preserving(apart) == [True]
