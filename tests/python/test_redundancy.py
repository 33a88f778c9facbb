"""Redundant replacements are left out unless asked for; semantics-preserving ones never score."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

import mutatenn as mn
from campaign_fixtures import Cli, Finished, cli, digits, finished  # noqa: F401
from mutatenn import _core
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.report.markdown import markdown
from mutatenn.report.record import Record
from mutatenn.report.summary import summary
from mutatenn.transform import PASSES, SwapCmp, plain_value
from operator_kernels import each, module

INTEGERS = module(each("if A[i] < B[i]:\n    C[i] = A[i]"), "int32")
FLOATS = module(each("if A[i] < B[i]:\n    C[i] = A[i]"))


def replacements(mod: Any, *, redundant: bool = False, **settings: str) -> list[str]:
    found = enumerate_mutants(mod, ["swap-cmp"], settings, redundant=redundant)
    return [mutant.replacement for mutant in found]


def test_a_comparison_of_integers_keeps_three_replacements() -> None:
    assert replacements(INTEGERS) == ["to=le", "to=ne", "to=false"]


@pytest.mark.parametrize("dtype", ["uint8", "int64"])
def test_the_same_three_are_kept_whatever_the_integers(dtype: str) -> None:
    mod = module(each("if A[i] < B[i]:\n    C[i] = A[i]"), dtype)
    assert replacements(mod) == ["to=le", "to=ne", "to=false"]


def test_a_comparison_of_floats_keeps_all_since_a_nan_is_a_fourth_case() -> None:
    assert len(replacements(FLOATS)) == len(replacements(FLOATS, redundant=True)) == 7


def test_redundant_replacements_are_listed_on_request() -> None:
    assert len(replacements(INTEGERS, redundant=True)) == 7


def test_a_redundant_replacement_is_listed_where_the_settings_name_it() -> None:
    assert replacements(INTEGERS, to="gt") == ["to=gt"]
    assert len(SwapCmp(to="gt")(INTEGERS).functions) == 1


def test_leaving_some_out_changes_no_number_and_no_id() -> None:
    few, all_ = (enumerate_mutants(INTEGERS, ["swap-cmp"], redundant=r) for r in (False, True))
    numbered = {mutant.id: mutant.site for mutant in all_}
    assert all(numbered[mutant.id] == mutant.site for mutant in few)


def test_the_command_line_lists_them_with_all(cli: Cli) -> None:  # noqa: F811
    listing = ["sites", model_path(), "--pass", "swap-cmp", "--json"]
    few, everything = (json.loads(cli(*listing, *more).out) for more in ([], ["--all"]))
    assert len(few) < len(everything)
    expected = mn.sites(mn.load(model_path()), "swap-cmp", redundant=True)
    assert [row["id"] for row in everything] == [mutant.id for mutant in expected]


def test_a_redundant_mutant_that_was_listed_can_be_planted_by_its_id(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
) -> None:
    mutants = mn.sites(mn.load(model_path()), "swap-cmp", redundant=True)
    kept = {mutant.id for mutant in mn.sites(mn.load(model_path()), "swap-cmp")}
    redundant = next(mutant for mutant in mutants if mutant.id not in kept)
    out = tmp_path / "mutant.json"
    answer = cli("apply", model_path(), "--pass", "swap-cmp", "--at", redundant.id, "-o", out)
    assert answer.code == ExitCode.OK
    assert redundant.id in answer.out


def test_the_catalogue_says_what_is_redundant_and_what_keeps_the_meaning(
    cli: Cli,  # noqa: F811
) -> None:
    rows = {row["id"]: row for row in json.loads(cli("operators", "--json").out)}
    for op in _core.catalogue():
        assert rows[op.id]["redundant"] == op.redundant
        assert rows[op.id]["semantics_preserving"] == op.semantics_preserving
        text = PASSES[op.id].__doc__ or ""
        assert (f"Redundant, in campaigns only on request: {op.redundant}" in text) == bool(
            op.redundant
        )
        for parameter, told in zip(op.parameters, rows[op.id]["parameters"], strict=True):
            assert told["form"] == parameter.form
            assert told["accepted"] == parameter.accepted
            assert parameter.accepted in text


def test_semantics_preserving_mutants_are_in_no_score(finished: Finished) -> None:  # noqa: F811
    def with_preserving(chosen: str) -> Record:
        mutants = tuple(
            dataclasses.replace(mutant, semantics_preserving=mutant.id == chosen)
            for mutant in finished.record.manifest.mutants
        )
        manifest = dataclasses.replace(finished.record.manifest, mutants=mutants)
        return dataclasses.replace(finished.record, manifest=manifest)

    killed = next(row["mutant"] for row in finished.record.rows if row["verdict"] == "killed")
    none, one = with_preserving(""), with_preserving(killed)
    body = summary(one)
    assert body["counts"]["killed"] == summary(none)["counts"]["killed"] - 1
    assert body["semantics_preserving"]["killed"] == 1
    assert body["suspected_defects"] == [killed]
    assert sum(body["semantics_preserving"].values()) == 1
    text = markdown(one)
    assert "1 mutants are semantics-preserving" in text
    assert "suspected compiler defects" in text
    assert "semantics-preserving" not in markdown(none)


def test_a_value_may_be_a_number_or_a_truth_value() -> None:
    assert [plain_value(value) for value in ("le", 3, 0.5, True, -1)] == [
        *("le", "3", "0.5", "true", "-1")
    ]
    with pytest.raises(TypeError, match="must be text or a number"):
        plain_value([1])  # type: ignore[arg-type]
