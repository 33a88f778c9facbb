"""Takes mutants up in the manifest's order: compiled, probed, and in time for who runs them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator

from mutatenn.campaign.compiled import Compiled
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.mutant_log import MutantLog
from mutatenn.campaign.pool import Trial
from mutatenn.campaign.reach import Reach, measure
from mutatenn.campaign.source import Source
from mutatenn.campaign.trials import Trials
from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.walk import Walk
from mutatenn.campaign.watcher import Phase, Watcher
from mutatenn.device import Device
from mutatenn.mutation.mutant import Mutant

ELSEWHERE = "elsewhere"
"""Stands for the verdict on a mutant that runs in another shard."""


@dataclasses.dataclass
class Taking:
    """Walks through a device's mutants; those of other shards only tell where a sample ends.

    Attributes:
        walk: says which are next.
        own: the mutants that run here, by their ids.
        trials: say which need not run.
        compiler: compiles them.
        jobs: mutants that run at once.
        device: measures which places the inputs execute.
        log: told of each that is taken up.
        journal: keeps what is known of other shards' mutants.
        record: keeps the verdict of a mutant that was proved away.
        watcher: told of phases and how many are to come.
        begun: whether the first mutants have been taken.
        told: whether the watcher knows that mutants have begun.
    """

    walk: Walk
    own: Collection[str]
    trials: Trials
    compiler: Compiler
    jobs: int
    device: Device
    log: MutantLog
    journal: Journal
    record: Callable[[Trial], Verdict]
    watcher: Watcher
    begun: bool = False
    told: bool = False

    def proved(self) -> dict[str, Compiled]:
        """Decide all mutants that are not runnable; those that are to run, compiled."""
        ready: dict[str, Compiled] = {}
        self.watcher.phase(Phase.PROOFS)
        mutants, wanted = self.walk.undecided(), self.walk.wanted()
        found = 0
        for done, (mutant, compiled) in enumerate(self._source({}).compiled(mutants), 1):
            verdict = self.trials.away(mutant, compiled)
            found += verdict is None
            if mutant.id not in self.own:
                if verdict is not None or found <= wanted:
                    self._passed(mutant, compiled, verdict)
            elif verdict is not None:
                self.log.taken_up(mutant.id)
                self.record(Trial(mutant, compiled, verdict))
                self.watcher.done(mutant, verdict)
                self.walk.decided(mutant.id, verdict.verdict)
            elif found <= wanted:
                ready[mutant.id] = compiled
            if mutant.id not in ready:
                compiled.remove_libraries()
                compiled.remove_originals(mutant)
            self.watcher.proved(done, len(mutants))
        return ready

    def walked(self, ready: dict[str, Compiled], reach: Reach) -> Iterator[tuple[Mutant, Compiled]]:
        """Each mutant of the walk with its kernel, places probed; the next ones compile meanwhile.

        A batch is asked for when all of the last are taken: which were proved away is known then.

        Args:
            ready: kernels that are compiled already, by mutant.
            reach: takes what the probes see.
        """
        self.begun = True
        source = self._source(ready)
        while batch := self.walk.batch():
            own = [mutant for mutant in batch if mutant.id in self.own]
            reach.add(measure(self.compiler, self.device, own))
            self._tell(len(own))
            for mutant, compiled in source.compiled(batch):
                if mutant.id not in self.own:
                    self._passed(mutant, compiled, self.trials.away(mutant, compiled))
                    compiled.remove_libraries()
                    compiled.remove_originals(mutant)
                    continue
                self.log.taken_up(mutant.id)
                yield mutant, compiled
        if not self.told:
            self._tell(0)

    def _tell(self, mutants: int) -> None:
        if self.told:
            self.watcher.more(mutants)
        else:
            self.watcher.begin(mutants)
        self.told = True

    def _passed(self, mutant: Mutant, compiled: Compiled, verdict: Verdict | None) -> None:
        """Keep what is known of another shard's mutant."""
        told = ELSEWHERE if verdict is None else verdict.verdict
        self.journal.record_elsewhere(
            mutant.id,
            self.device.name,
            told,
            compiled.artifact,
            compiled.lowered,
            compiled.seconds,
        )
        self.walk.decided(mutant.id, told)

    def _source(self, ready: dict[str, Compiled]) -> Source:
        return Source(self.compiler, self.jobs, ready, lambda mutant: mutant.id in self.own)
