"""What a block declares to read and write stays what its body accesses."""

from __future__ import annotations

from typing import Any

import pytest
import tvm
from tvm import s_tir

from mutatenn.transform import NegateCond, SwapArith, SwapCmp
from operator_kernels import block, module

DECLARED = """
for i in range(8):
    with T.sblock('compute'):
        v = T.axis.spatial(8, i)
        T.where(i < 6)
        T.reads(A[{reads}])
        T.writes(C[{writes}])
        C[v + 1] = A[v + 2]
"""


def regions(mod: Any) -> tuple[list[str], list[str]]:
    node = mod["main"].body.block.body.body.block
    return [str(r) for r in node.reads], [str(r) for r in node.writes]


def test_reads_follow_a_mutated_index() -> None:
    before, expected = (module(block(f"C[v] = A[{index}]")) for index in ("v + 1", "v - 1"))
    assert regions(before) != regions(expected)
    tvm.ir.assert_structural_equal(SwapArith()(before), expected)


def test_writes_follow_a_mutated_index() -> None:
    before, expected = (module(block(f"C[{index}] = A[v]")) for index in ("v + 1", "v - 1"))
    assert regions(before) != regions(expected)
    tvm.ir.assert_structural_equal(SwapArith()(before), expected)


def test_reads_follow_a_mutated_guard() -> None:
    text = "C[v] = T.if_then_else({}, A[v], B[v])"
    before, expected = (module(block(text.format(f"v {sign} 3"))) for sign in ("<", ">"))
    tvm.ir.assert_structural_equal(SwapCmp(to="gt")(before), expected)
    negated = module(block(text.format("T.Not(v < 3)")))
    tvm.ir.assert_structural_equal(NegateCond()(before), negated)


def test_regions_that_a_hand_wrote_wider_are_left_alone() -> None:
    before = module(DECLARED.format(reads="0:8", writes="0:8"))
    after = SwapArith(site="all")(before)
    assert regions(after) == regions(before)


def test_regions_of_the_innermost_block_alone_follow() -> None:
    text = """
for i in range(8):
    with T.sblock('outer'):
        u = T.axis.spatial(8, i)
        T.reads(A[0:8])
        T.writes(C[u])
        for j in range(1):
            with T.sblock('inner'):
                v = T.axis.spatial(1, j)
                C[u + v] = A[u {} 1]
"""
    before, expected = (module(text.format(sign)) for sign in "+-")
    tvm.ir.assert_structural_equal(SwapArith(site=1)(before), expected)


def test_detected_regions_are_what_tvm_detects() -> None:
    mutant = SwapArith(to="max")(module(block("C[v] = A[v + 1] + B[v]")))
    func = mutant["main"]
    node = func.body.block.body.body.block
    visible = {param: param for param in func.params}
    reads, writes = s_tir.analysis.get_sblock_read_write_region(node, visible)
    tvm.ir.assert_structural_equal(node.reads, reads)
    tvm.ir.assert_structural_equal(node.writes, writes)


def test_a_mutant_whose_regions_tvm_cannot_detect_is_refused_in_words() -> None:
    """TVM's detector folds constants and throws where it would divide by zero."""
    before = module(block("C[v] = A[v] + A[T.max(T.min(v, 3), 0)]"))
    words = r"refused by s_tir\.analysis\.GetSBlockAccessRegion: .*Divide by zero"
    with pytest.raises(ValueError, match=words):
        SwapArith(site=1, to="div")(before)
