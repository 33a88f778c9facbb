"""Verdicts stand when a check of the original follows them, also those of a process that died."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign_fixtures import Cli, cli, demo_options, digits  # noqa: F401
from device_fixtures import wait_until
from drill_fixtures import arguments, rows, runnable, started, verdicts
from mutatenn.api import resume_folder, run_options
from mutatenn.campaign import leg as leg_module
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.trust import Trust, baseline_of
from mutatenn.campaign.verdict import Verdict
from mutatenn.device import LlvmDevice
from mutatenn.errors import BaselineError
from mutatenn.exit_codes import ExitCode
from mutatenn.mutation.mutant import Mutant

CHANGED = "The original kernels give another answer than in the golden run."
SURVIVED, CRASHED = Verdict("survived", "", "masked"), Verdict("killed", "crash")


@dataclasses.dataclass
class Machine:
    """Stands in for a device: answers each check of the original as it is told to."""

    faults: list[str | None]
    asked: list[int | None] = dataclasses.field(default_factory=list)
    name: str = "llvm"

    def recheck(self, rows: int | None = None) -> str | None:
        self.asked.append(rows)
        return self.faults.pop(0)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


def mutant(name: str) -> Mutant:
    return Mutant(name, "swap-cmp", 1, "kernel", "f", 0, 0, "", {}, ())


def record(journal: Journal, trust: Trust | None, *names: str, verdict: Verdict = SURVIVED) -> None:
    for name in names:
        journal.record(name, "llvm", verdict)
        if trust is not None:
            trust.after(mutant(name), verdict)


def trusting(machine: Machine, journal: Journal, every: int) -> Trust:
    return Trust(machine, journal, every)  # type: ignore[arg-type]


def left(journal: Journal) -> list[str]:
    return [row["mutant"] for row in journal.rows()]


def test_verdicts_are_unconfirmed_until_the_original_is_checked(journal: Journal) -> None:
    machine = Machine([None])
    trust = trusting(machine, journal, 3)
    record(journal, trust, "a", "b")
    assert journal.unconfirmed("llvm") == ["a", "b"]
    record(journal, trust, "c")
    assert machine.asked == [None]
    assert journal.unconfirmed("llvm") == []


def test_the_last_check_confirms_what_is_left_and_asks_nothing_when_nothing_is(
    journal: Journal,
) -> None:
    machine = Machine([None])
    trust = trusting(machine, journal, 50)
    record(journal, trust, "a")
    trust.check()
    trust.check()
    assert machine.asked == [None]
    assert journal.unconfirmed("llvm") == []


def test_a_failed_check_takes_back_what_came_after_the_last_good_one(journal: Journal) -> None:
    trust = trusting(Machine([None, CHANGED]), journal, 2)
    record(journal, trust, "a", "b", "c")
    with pytest.raises(BaselineError, match=r"golden run; the 2 verdicts since the last good"):
        record(journal, trust, "d")
    assert left(journal) == ["a", "b"]
    assert journal.unconfirmed("llvm") == []


def test_a_crash_is_followed_by_a_brief_check_that_confirms_nothing(journal: Journal) -> None:
    machine = Machine([None])
    trust = trusting(machine, journal, 50)
    record(journal, trust, "a", verdict=CRASHED)
    assert machine.asked == [1]
    assert journal.unconfirmed("llvm") == ["a"]


def test_a_brief_check_that_fails_takes_back_too(journal: Journal) -> None:
    trust = trusting(Machine([CHANGED]), journal, 50)
    with pytest.raises(BaselineError, match="the 1 verdicts"):
        record(journal, trust, "a", verdict=CRASHED)
    assert left(journal) == []


def test_the_first_good_check_after_a_resumption_confirms_what_the_dead_process_left(
    journal: Journal,
) -> None:
    record(journal, None, "dead-1", "dead-2")
    machine = Machine([None])
    trust = trusting(machine, journal, 3)
    record(journal, trust, "new")
    assert machine.asked == [None]
    assert journal.unconfirmed("llvm") == []
    assert left(journal) == ["dead-1", "dead-2", "new"]


def test_a_failed_first_check_takes_back_what_the_dead_process_left_as_well(
    journal: Journal,
) -> None:
    record(journal, None, "sound")
    journal.confirm("llvm")
    record(journal, None, "dead-1", "dead-2")
    trust = trusting(Machine([CHANGED]), journal, 3)
    with pytest.raises(BaselineError, match="the 3 verdicts"):
        record(journal, trust, "new")
    assert left(journal) == ["sound"]


def test_a_resumption_without_anything_left_to_run_checks_the_original(journal: Journal) -> None:
    record(journal, None, "dead")
    machine = Machine([None])
    trusting(machine, journal, 50).check()
    assert machine.asked == [None]
    assert journal.unconfirmed("llvm") == []


def test_a_failed_baseline_of_a_resumption_takes_back_what_is_unconfirmed(
    journal: Journal, tmp_path: Path
) -> None:
    record(journal, None, "sound")
    journal.confirm("llvm")
    record(journal, None, "dead")
    with (
        pytest.raises(BaselineError, match="other answers; the 1 verdicts since the last good"),
        baseline_of(tmp_path / "journal.sqlite", "llvm"),
    ):
        raise BaselineError("other answers")
    assert left(journal) == ["sound"]


def test_a_failed_baseline_of_a_new_campaign_is_told_as_it_is(tmp_path: Path) -> None:
    with (
        pytest.raises(BaselineError, match=r"^other answers$"),
        baseline_of(tmp_path / "journal.sqlite", "llvm"),
    ):
        raise BaselineError("other answers")
    assert list(tmp_path.iterdir()) == []


def test_a_verdict_taken_back_and_given_again_is_unconfirmed_anew(journal: Journal) -> None:
    record(journal, None, "a", "b")
    journal.confirm("llvm")
    journal.take_back(["b"], "llvm")
    record(journal, None, "b")
    assert journal.unconfirmed("llvm") == ["b"]


def test_a_killed_campaign_is_confirmed_on_resumption_or_loses_what_is_unconfirmed(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    with started([*arguments(digits, out, 16), "--recheck-every", "3"]) as process:
        assert wait_until(lambda: verdicts(out) >= 5, 120)
        process.kill()
        process.wait()
    with Journal(out / "journal.sqlite") as journal:
        dead, before = journal.unconfirmed("llvm"), rows(out)
        sound = {name: row for name, row in before.items() if name not in dead}
    assert len(dead) <= 3 and len(sound) >= 3
    with monkeypatch.context() as patch:
        patch.setattr(LlvmDevice, "recheck", lambda _self, _rows=None: CHANGED)
        with pytest.raises(BaselineError, match="taken back"):
            resume_folder(out)
    assert rows(out) == sound
    resume_folder(out)
    after = rows(out)
    assert runnable(out) == 16
    assert before.items() <= after.items()
    with Journal(out / "journal.sqlite") as journal:
        assert journal.unconfirmed("llvm") == []


def test_an_original_that_changes_in_mid_run_leaves_a_report_and_its_exit_code(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([None, CHANGED])
    monkeypatch.setattr(LlvmDevice, "recheck", lambda _self, _rows=None: next(answers))
    out = tmp_path / "out"
    answer = cli(*arguments(digits, out, 8), "--recheck-every", "3", "--json")
    assert answer.code == ExitCode.BASELINE, answer.err
    assert "the 3 verdicts since the last good check were taken back" in answer.err
    summary = json.loads(answer.out)
    # What was proved away is taken back too, and may be due again beside as many runnable ones.
    left = len(rows(out))
    assert summary["pending"] == summary["mutants"] - left == 8 - runnable(out)
    assert summary == json.loads((out / "report" / "summary.json").read_text())
    assert summary["seconds"]["total"] > 0
    assert f"incomplete: {summary['pending']} mutants" in (out / "report" / "report.md").read_text()


def test_a_defect_in_mid_run_leaves_a_report_of_what_there_is(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Distrust(Trust):
        def after(self, mutant: Mutant, verdict: Verdict) -> None:
            raise RuntimeError("a defect")

    monkeypatch.setattr(leg_module, "Trust", Distrust)
    options = demo_options(digits, tmp_path / "out", sample=4, stage="kernel")
    with pytest.raises(RuntimeError, match="a defect"):
        run_options(options)
    summary = json.loads((options.out / "report" / "summary.json").read_text())
    assert summary["pending"] == 3


def test_a_campaign_that_is_refused_writes_no_report(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with started(arguments(digits, out, 12)) as process:
        assert wait_until(lambda: verdicts(out) >= 1, 120)
        refused = cli("run", "--resume", out, "--json")
        assert not (out / "report").exists()
        process.kill()
    assert refused.code == ExitCode.USAGE
    assert refused.out == ""
