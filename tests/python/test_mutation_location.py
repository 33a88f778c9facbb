"""Paths lead to nodes, and say so when they do not."""

from __future__ import annotations

import pytest

from mutatenn.mutation.diff import changed_functions, kernel_diff
from mutatenn.mutation.location import node_at, text_at
from mutatenn.transform import SwapCmp
from operator_kernels import body_of, each, module

PLACE = ".block.body.body.condition"
GUARD = each("if A[i] < B[i]:\n    C[i] = A[i]")


def test_a_path_leads_to_its_node() -> None:
    main = module(GUARD)["main"]
    assert node_at(main, PLACE).same_as(body_of(main).body.condition)


def test_the_text_at_a_path_is_one_line_of_tvmscript() -> None:
    assert text_at(module(GUARD)["main"], PLACE) == "A[i] < B[i]"


@pytest.mark.parametrize("path", [".block.conditions", f"{PLACE}.a.indices[7]"])
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="leads nowhere"):
        node_at(module(GUARD)["main"], path)


@pytest.mark.parametrize("path", ["block", ".block..body", ".block[", ".block body"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        node_at(module(GUARD)["main"], path)


def test_a_diff_shows_the_changed_line_alone() -> None:
    before = module(GUARD)
    after = SwapCmp()(before)
    changed = [
        line.strip()
        for line in kernel_diff(before["main"], after["main"], "main", context=0).splitlines()
        if line.startswith(("+ ", "- "))
    ]
    assert [line.split(" if ")[1] for line in changed] == ["A[i] < B[i]:", "A[i] <= B[i]:"]


def test_a_diff_of_equal_kernels_is_empty() -> None:
    main = module(GUARD)["main"]
    assert kernel_diff(main, main, "main") == ""


def test_equal_modules_have_no_changed_functions() -> None:
    assert changed_functions(module(GUARD), module(GUARD)) == []


def test_a_function_on_one_side_alone_counts_as_changed() -> None:
    before, after = module(GUARD), module(GUARD)
    after["other"] = before["main"]
    assert changed_functions(before, after) == ["other"]
