"""A pool of devices: several mutants run at once, suspected hangs once more and alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import wait

from mutatenn.campaign.compile_worker import Compiled
from mutatenn.campaign.trials import Trials
from mutatenn.campaign.verdict import Verdict
from mutatenn.device import LlvmDevice, MutantRun, RunnerDied
from mutatenn.mutation.mutant import Mutant


@dataclasses.dataclass
class Trial:
    """One mutant in the pool: its runs so far, and in the end its verdict."""

    mutant: Mutant
    compiled: Compiled | None
    verdict: Verdict | None = None
    seconds: float = 0.0
    seen: list[Verdict] = dataclasses.field(default_factory=list)


class Pool:
    """Runs trials on devices that share one golden run; used from one thread."""

    def __init__(self, devices: Sequence[LlvmDevice], trials: Trials, repeat: int) -> None:
        """Take the devices, which must be idle.

        Args:
            devices: siblings of each other.
            trials: decides the mutants.
            repeat: how often each mutant runs; one whose runs differ is inconclusive.
        """
        self._idle = list(devices)
        self._busy: dict[int, tuple[LlvmDevice, Trial]] = {}
        self._suspects: list[Trial] = []
        self._trials = trials
        self._repeat = repeat

    def run(self, mutants: Iterable[tuple[Mutant, Compiled | None]]) -> Iterator[Trial]:
        """Trials with their verdicts, as they fall; suspected hangs come last."""
        for mutant, compiled in mutants:
            trial = Trial(mutant, compiled, self._trials.beforehand(mutant, compiled))
            if trial.verdict is not None:
                yield self._finished(trial)
                continue
            while not self._idle:
                yield from self._collect()
            self._begin(self._idle.pop(), trial)
        while self._busy:
            yield from self._collect()
        for trial in self._suspects:
            yield self._again(trial)

    def _begin(self, device: LlvmDevice, trial: Trial) -> None:
        assert trial.compiled is not None and trial.compiled.library is not None
        device.begin(trial.mutant.function, trial.compiled.library)
        self._busy[device.fileno()] = (device, trial)

    def _collect(self) -> Iterator[Trial]:
        """Trials that have come to an end, after waiting for one device at least."""
        for ready in wait(list(self._busy)):
            assert isinstance(ready, int)
            device, trial = self._busy.pop(ready)
            try:
                run = device.end()
            except RunnerDied as error:
                self._idle.append(device)
                trial.verdict = Verdict("inconclusive", reason=str(error))
                yield self._finished(trial)
                continue
            trial.seconds += run.seconds
            if run.fate == "hang":
                # A clock alone proves no hang: the machine may have been busy.
                self._suspects.append(trial)
            elif self._decided(trial, run):
                yield self._finished(trial)
            else:
                self._begin(device, trial)
                continue
            self._idle.append(device)

    def _decided(self, trial: Trial, run: MutantRun) -> bool:
        """Whether the trial has its verdict; if not, the mutant must run once more."""
        trial.seen.append(self._trials.judge(trial.mutant, run))
        first, last = trial.seen[0], trial.seen[-1]
        if last != first:
            reason = f"flaky: {_told(first)}, then {_told(last)}"
            trial.verdict = Verdict("inconclusive", reason=reason, evidence=first.evidence)
        elif len(trial.seen) >= self._repeat:
            trial.verdict = first
        return trial.verdict is not None

    def _again(self, trial: Trial) -> Trial:
        """Run a suspected hang once more, while nothing else runs."""
        assert trial.compiled is not None and trial.compiled.library is not None
        try:
            run = self._idle[0].run(trial.mutant.function, trial.compiled.library)
        except RunnerDied as error:
            trial.verdict = Verdict("inconclusive", reason=str(error))
            return self._finished(trial)
        trial.seconds += run.seconds
        if run.fate == "hang":
            trial.verdict = self._trials.judge(trial.mutant, run)
        else:
            trial.verdict = Verdict("inconclusive", reason="a time-out did not repeat")
        return self._finished(trial)

    @staticmethod
    def _finished(trial: Trial) -> Trial:
        if trial.compiled is not None and trial.compiled.library is not None:
            trial.compiled.library.unlink()
        return trial


def _told(verdict: Verdict) -> str:
    kill = f" ({verdict.kill})" if verdict.kill else ""
    return f"{verdict.verdict}{kill} on {verdict.failing} inputs"
