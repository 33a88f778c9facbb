"""The seconds of a campaign's phases, and what else its watcher hears."""

from __future__ import annotations

from typing import Any

from campaign_fixtures import SEED, digits  # noqa: F401
from mutatenn.api import resume, run
from mutatenn.campaign.timed import Timed
from mutatenn.campaign.watcher import Phase, Silent
from mutatenn.demo import model_path


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Heard(Silent):
    """Keeps the phases it is told of."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        self.mutants: list[int] = []

    def phase(self, phase: Phase) -> None:
        self.phases.append(phase)

    def begin(self, mutants: int) -> None:
        self.mutants.append(mutants)


def test_a_phase_lasts_until_the_next_begins() -> None:
    clock = Clock()
    timed = Timed(Silent(), clock)
    clock.now += 1  # before the first phase
    timed.phase(Phase.LOWERING)
    clock.now += 2
    timed.phase(Phase.GOLDEN)
    clock.now += 3
    timed.begin(5)
    clock.now += 4
    assert timed.seconds() == {"lowering": 2, "golden": 3, "mutants": 4}


def test_what_is_asked_in_the_middle_of_a_phase_counts_once() -> None:
    clock = Clock()
    timed = Timed(Silent(), clock)
    timed.phase(Phase.GOLDEN)
    clock.now += 3
    assert timed.seconds() == {"golden": 3}
    clock.now += 1
    assert timed.seconds() == {"golden": 4}


def test_nothing_is_measured_before_the_first_phase() -> None:
    assert Timed(Silent()).seconds() == {}


def test_the_other_watcher_hears_everything() -> None:
    heard = Heard()
    timed = Timed(heard)
    timed.phase(Phase.GOLDEN)
    timed.begin(5)
    assert (heard.phases, heard.mutants) == ([Phase.GOLDEN], [5])


def test_the_summary_has_the_seconds_of_every_phase_and_adds_those_of_a_resumption(
    digits: Any,  # noqa: F811
    tmp_path: Any,
) -> None:
    heard = Heard()
    begun = run(
        model_path(),
        inputs=digits,
        out=tmp_path / "out",
        sample=2,
        seed=SEED,
        stage="tensor",
        watcher=heard,
    )
    passed = [phase for phase in Phase if phase not in (Phase.PROOFS, Phase.PARTINGS)]
    assert heard.phases == [phase for phase in passed if phase is not Phase.MUTANTS]
    first = begun.summary["seconds"]
    phases = [first[phase.key] for phase in passed]
    assert all(seconds > 0 for seconds in phases)
    assert first["total"] == round(sum(phases), 3)
    second = resume(tmp_path / "out").summary["seconds"]
    for phase in set(passed) - {Phase.PROBES, Phase.MUTANTS}:
        assert second[phase.key] > first[phase.key]
