"""`mutatenn-ir show`: one mutant with its place, its evidence, its diff and how to repeat it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import Cli, Finished, cli, digits, finished, repeated  # noqa: F401
from device_fixtures import chain
from mutatenn.campaign.first_difference import first_launch_evidence
from mutatenn.device import RowEvidence
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.plan import Plan
from mutatenn.report.find_mutant import find_mutant
from report_fixtures import all_mutants, mutant
from terminal_fixtures import terminal

RED, GREEN = b"\x1b[31m", b"\x1b[32m"
"""What a verdict is written in."""


def row(finished: Finished, verdict: str) -> dict[str, Any]:  # noqa: F811
    return next(row for row in finished.record.rows if row["verdict"] == verdict)


def test_the_place_of_a_mutant_names_the_launches_of_its_kernel(
    cli: Cli,  # noqa: F811
    finished: Finished,  # noqa: F811
) -> None:
    found = finished.record.find(row(finished, "killed")["mutant"])
    plan = Plan.from_json((finished.folder / "plan.json").read_text())
    launches = [str(one.index) for one in plan.launches if one.kernel == found.function]
    assert launches
    lines = cli("show", found.id, "--out", finished.folder).out.splitlines()
    assert lines[1] == (
        f"function {found.function}, site {found.site}, layers: {', '.join(found.layers)}; "
        f"launches: {', '.join(launches)}"
    )


def test_the_evidence_names_oracle_first_failing_input_and_first_launch(
    cli: Cli,  # noqa: F811
    finished: Finished,  # noqa: F811
) -> None:
    killed = next(row for row in finished.record.rows if row["reach"] == "revealed")
    launch = killed["evidence"]["first_launch"]
    lines = cli("show", killed["mutant"], "--out", finished.folder).out.splitlines()
    assert (
        f"  refused by: top1 ({killed['kill']}), first on input {killed['first_failing']}" in lines
    )
    assert (
        f"  first launch that differed: launch {launch['launch']} ({launch['kernel']}), on "
        f"{launch['inputs']} of {sum(killed['evidence']['rows'].values())} inputs, first on "
        f"{launch['input']}"
    ) in lines


def test_the_first_launch_that_differs_is_one_of_the_mutated_kernel(finished: Finished) -> None:  # noqa: F811
    known = finished.record.mutants()
    ran = [row for row in finished.record.rows if row["reach"] not in ("", "masked")]
    assert ran
    for one in ran:
        assert one["evidence"]["first_launch"]["kernel"] == known[one["mutant"]].function


def test_the_earliest_launch_is_told_with_the_first_input_on_which_it_differed() -> None:
    def on(launch: int) -> RowEvidence:
        return RowEvidence("masked" if launch < 0 else "infected", launch, False, ())

    plan, names = chain(["double", "relu"], 3), ("zero", "one", "two", "three")
    found = first_launch_evidence([on(-1), on(1), on(0), on(1)], names, plan)
    assert found == {"launch": 0, "kernel": "double", "inputs": 1, "input": "two"}
    assert first_launch_evidence([on(-1)] * 4, names, plan) is None


def test_the_command_that_is_told_repeats_the_verdict(
    cli: Cli,  # noqa: F811
    finished: Finished,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killed = row(finished, "killed")
    monkeypatch.chdir(tmp_path)  # paths below it would be relative
    told = cli("show", killed["mutant"], "--out", finished.folder).out.splitlines()[-1]
    program, *words = shlex.split(told.removeprefix("repeat: "))
    assert program == "mutatenn-ir"
    assert cli(*words).code == ExitCode.OK
    out = f"{killed['mutant']}.out"
    (again,) = json.loads(cli("show", killed["mutant"], "--out", out, "--json").out)["verdicts"]
    same = ("mutant", "device", "verdict", "kill", "reach", "reason", "first_failing", "diff")
    assert {key: again[key] for key in same} == {key: killed[key] for key in same}


def test_a_terminal_shows_verdict_and_diff_in_colours(finished: Finished) -> None:  # noqa: F811
    killed = row(finished, "killed")
    with terminal(["show", killed["mutant"], "--out", finished.folder]) as screen:
        assert screen.end() == ExitCode.OK
        assert GREEN + b"llvm: killed" in screen.seen
        (line,) = [line for line in screen.seen.splitlines() if b"(mutant)" in line]
        assert b"\x1b[" in line


def test_no_color_leaves_the_colours_out(finished: Finished) -> None:  # noqa: F811
    killed = row(finished, "killed")
    with terminal(["show", killed["mutant"], "--out", finished.folder], NO_COLOR="1") as screen:
        assert screen.end() == ExitCode.OK
        assert "llvm: killed" in screen.text
        assert b"\x1b[3" not in screen.seen
        assert b"\x1b[38" not in screen.seen


def test_what_is_piped_has_no_colours(cli: Cli, finished: Finished) -> None:  # noqa: F811
    answer = cli("show", row(finished, "killed")["mutant"], "--out", finished.folder)
    assert "\x1b" not in answer.out


def test_an_unknown_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError) as refused:
        find_mutant(all_mutants(), "swap-cmp-survivor", Path("out"))
    assert str(refused.value) == (
        "no mutant in out has an id that begins with 'swap-cmp-survivor'; the nearest are "
        "swap-cmp-survived; out/manifest.json has all"
    )


def test_an_id_that_is_like_none_is_refused_without_any() -> None:
    with pytest.raises(InputError, match=r"begins with '#'; out/manifest.json has all$"):
        find_mutant(all_mutants(), "#", Path("out"))


def test_a_beginning_of_several_ids_is_refused_with_some_of_them() -> None:
    with pytest.raises(InputError) as refused:
        find_mutant(all_mutants(), "swap-cmp-", Path("out"))
    assert "swap-cmp-label, swap-cmp-everywhere, swap-cmp-several, ...; give the whole id" in str(
        refused.value
    )


def test_an_id_that_is_the_beginning_of_another_names_its_own() -> None:
    mutants = (mutant("ab"), mutant("abc"))
    assert find_mutant(mutants, "swap-cmp-ab", Path("out")) == mutants[0]
