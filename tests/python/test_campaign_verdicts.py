"""Mutants that cannot count are told apart from those that do, each with the reason."""

from __future__ import annotations

from typing import Any

from campaign_fixtures import Finished, digits, finished, repeated  # noqa: F401


def rows(finished: Finished, verdict: str) -> list[dict[str, Any]]:  # noqa: F811
    found = [row for row in finished.record.rows if row["verdict"] == verdict]
    assert found, f"no mutant of this campaign is {verdict}"
    return found


def test_a_second_run_gives_the_same_verdicts(finished: Finished, repeated: Finished) -> None:  # noqa: F811
    assert finished.verdicts() == repeated.verdicts()


def test_what_is_proved_or_compiles_to_the_original_is_equivalent(finished: Finished) -> None:  # noqa: F811
    for row in rows(finished, "equivalent"):
        proved = row["reason"].startswith("the analyzer proves ")
        assert (row["artifact"] == "") is proved
        assert proved or row["reason"] == "the compiled kernel is byte-identical to the original's"
        assert row["seconds_run"] == 0 and row["reach"] == ""


def test_an_artefact_equal_to_another_mutants_is_a_duplicate(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    functions = {mutant.id: mutant.function for mutant in record.manifest.mutants}
    by_id = {row["mutant"]: row for row in record.rows}
    for row in rows(finished, "duplicate"):
        first = row["reason"].rpartition(" ")[2]
        if row["reason"].startswith("the same compiled kernel as "):
            assert by_id[first]["artifact"] == row["artifact"]
        else:
            assert row["reason"].startswith("after TVM's remaining passes ")
            assert row["artifact"] == ""
        assert functions[first] == functions[row["mutant"]]
        assert by_id[first]["verdict"] not in ("duplicate", "equivalent", "invalid")


def test_no_two_mutants_that_count_share_an_artefact(finished: Finished) -> None:  # noqa: F811
    counted = rows(finished, "killed") + rows(finished, "survived")
    assert len({row["artifact"] for row in counted}) == len(counted)


def test_what_tvm_refuses_is_invalid_and_says_who_refused_it_and_why(finished: Finished) -> None:  # noqa: F811
    for row in rows(finished, "invalid"):
        by, _, reason = row["reason"].partition(": ")
        assert by == "compiler"
        assert "Divide by zero" in reason


def test_a_mutant_that_tvmscript_cannot_print_says_so_instead_of_a_diff(
    finished: Finished,  # noqa: F811
) -> None:
    told = [row["diff"] for row in rows(finished, "invalid")]
    assert any("TVMScript cannot print it: " in diff for diff in told)


def test_only_killed_and_survived_mutants_have_run(finished: Finished) -> None:  # noqa: F811
    for row in finished.record.rows:
        ran = row["verdict"] in ("killed", "survived")
        assert (row["seconds_run"] > 0) == ran
