"""A pool of devices: several mutants run at once, suspected hangs once more and alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from mutatenn.campaign.compiled import Compiled
from mutatenn.campaign.program_worker import read_variant
from mutatenn.campaign.trials import Trials
from mutatenn.campaign.verdict import Verdict, verdict_text
from mutatenn.device import Device, MutantRun, RunnerDied
from mutatenn.lowering.variant import Variant
from mutatenn.mutation.mutant import Mutant

SILENCE_SECONDS = 120.0
"""After so long without an answer from any runner, one is asked whether it is alive."""


@dataclasses.dataclass
class Trial:
    """One mutant in the pool: its runs so far, and in the end its verdict."""

    mutant: Mutant
    compiled: Compiled
    verdict: Verdict | None = None
    seconds: float = 0.0
    seen: list[Verdict] = dataclasses.field(default_factory=list)
    run: MutantRun | None = None
    """The first one that a verdict was taken from."""
    steps: tuple[int, ...] | None = None
    """What the original's launches take, while the mutant's counted build is still to be run."""


class Pool:
    """Runs trials on devices that share one golden run; used from one thread."""

    def __init__(
        self,
        devices: Sequence[Device],
        trials: Trials,
        repeat: int,
        on_run: Callable[[int, str], None] = lambda runner, mutant: None,
    ) -> None:
        """Take the devices, which must be idle.

        Args:
            devices: siblings of each other.
            trials: decides the mutants.
            repeat: how often each mutant runs; one whose runs differ is inconclusive.
            on_run: told the index of a device and the mutant that it runs, or an empty id.
        """
        self._index = {id(device): index for index, device in enumerate(devices)}
        self._on_run = on_run
        self._idle = list(devices)
        self._busy: dict[int, tuple[Device, Trial]] = {}
        self._suspects: list[Trial] = []
        self._trials = trials
        self._repeat = repeat

    def run(self, mutants: Iterable[tuple[Mutant, Compiled]]) -> Iterator[Trial]:
        """Trials with their verdicts, as they fall; suspected hangs come last."""
        for mutant, compiled in mutants:
            trial = Trial(mutant, compiled, self._trials.beforehand(mutant, compiled))
            if trial.verdict is not None:
                yield self._finished(trial)
                continue
            trial.steps = self._trials.steps(mutant, compiled)
            while not self._idle:
                yield from self._collect()
            if not self._begun(self._idle.pop(), trial):
                yield self._finished(trial)
        while self._busy:
            yield from self._collect()
        for trial in self._suspects:
            yield self._again(trial)

    def _begun(self, device: Device, trial: Trial) -> bool:
        """Start a run; if no runner can be had for it, the trial has its verdict."""
        for _ in range(2):
            try:
                if trial.compiled.variant:
                    device.begin_variant(_variant(trial))
                else:
                    libraries = _libraries(trial, counted=trial.steps is not None)
                    device.begin_all(libraries, trial.steps)
            except RunnerDied as error:
                # It may have died while idle; the next attempt starts a fresh one.
                trial.verdict = Verdict("inconclusive", reason=str(error))
                continue
            trial.verdict = None
            self._busy[device.fileno()] = (device, trial)
            self._tell(device, trial.mutant.id)
            return True
        self._idle.append(device)
        return False

    def _collect(self) -> Iterator[Trial]:
        """Trials that have come to an end, after waiting for one device at least."""
        # A runner that says nothing for too long is found out by `end`.
        answered = wait(list(self._busy), SILENCE_SECONDS) or list(self._busy)[:1]
        for ready in answered:
            assert isinstance(ready, int)
            device, trial = self._busy.pop(ready)
            self._tell(device, "")
            try:
                run = device.end()
            except RunnerDied as error:
                self._idle.append(device)
                trial.verdict = Verdict("inconclusive", reason=str(error))
                yield self._finished(trial)
                continue
            trial.seconds += run.seconds
            counted, trial.steps = trial.steps is not None, None
            if run.fate == "hang" and not counted:
                # A clock alone proves no hang: the machine may have been busy.
                self._suspects.append(trial)
            elif self._decided(trial, run, counted):
                yield self._finished(trial)
            elif self._begun(device, trial):
                continue
            else:
                # `_begun` has put the device back.
                yield self._finished(trial)
                continue
            self._idle.append(device)

    def _decided(self, trial: Trial, run: MutantRun, counted: bool) -> bool:
        """Whether the trial has its verdict; if not, the mutant must run once more."""
        if counted:
            # Nothing else is taken from a counted build: it may compute otherwise.
            trial.verdict = self._trials.judge(trial.mutant, run) if run.proved else None
            return run.proved
        trial.run = trial.run or run
        trial.seen.append(self._trials.judge(trial.mutant, run))
        first, last = trial.seen[0], trial.seen[-1]
        if _outcome(last) != _outcome(first):
            reason = f"flaky: {_told(first)}, then {_told(last)}"
            trial.verdict = Verdict("inconclusive", reason=reason, evidence=first.evidence)
        elif len(trial.seen) >= self._repeat:
            trial.verdict = first
        return trial.verdict is not None

    def _again(self, trial: Trial) -> Trial:
        """Run a suspected hang once more, while nothing else runs."""
        self._tell(self._idle[0], trial.mutant.id)
        try:
            if trial.compiled.variant:
                self._idle[0].begin_variant(_variant(trial))
            else:
                self._idle[0].begin_all(_libraries(trial, counted=False))
            run = self._idle[0].end()
        except RunnerDied as error:
            trial.verdict = Verdict("inconclusive", reason=str(error))
            return self._finished(trial)
        finally:
            self._tell(self._idle[0], "")
        trial.seconds += run.seconds
        if run.fate == "hang" and not trial.seen:
            trial.verdict = self._trials.judge(trial.mutant, run)
        else:
            trial.verdict = Verdict("inconclusive", reason="a time-out did not repeat")
        return self._finished(trial)

    def _tell(self, device: Device, mutant: str) -> None:
        self._on_run(self._index[id(device)], mutant)

    @staticmethod
    def _finished(trial: Trial) -> Trial:
        trial.compiled.remove_libraries()
        return trial


def _variant(trial: Trial) -> Variant:
    """The program that runs in place of the plan's."""
    assert trial.compiled.library is not None
    return read_variant(trial.compiled.library)


def _libraries(trial: Trial, *, counted: bool) -> dict[str, Path]:
    """The library that stands in for each kernel; those that count steps where there are such."""
    found: dict[str, Path] = {}
    for name, one in trial.compiled.kernels(trial.mutant).items():
        library = one.counted if counted and one.counted is not None else one.library
        assert library is not None
        found[name] = library
    return found


def _outcome(verdict: Verdict) -> tuple[Any, ...]:
    """What two runs of a mutant must agree on; not addresses, nor which thread crashed first."""
    rows = verdict.evidence.get("rows")
    return (verdict.verdict, verdict.kill, verdict.reach, verdict.failing, rows, verdict.measures)


def _told(verdict: Verdict) -> str:
    return f"{verdict_text(verdict.verdict, verdict.kill)} on {verdict.failing} inputs"
