"""Running a campaign: golden run and probes first, then every mutant, compiling ahead."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mutatenn.campaign import earlier
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.campaign.baseline import golden_facts, golden_run, require_same_answers
from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.mutant_log import MutantLog
from mutatenn.campaign.pool import Pool, Trial
from mutatenn.campaign.program_worker import plan_hash
from mutatenn.campaign.reach import Reach, measure
from mutatenn.campaign.rescheduled import Group, SetApart, marked
from mutatenn.campaign.source import Source
from mutatenn.campaign.steps import OriginalSteps, count_originals
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.trials import Trials
from mutatenn.campaign.trust import Trust, baseline_of
from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.walk import Walk
from mutatenn.campaign.watcher import Phase, Watcher
from mutatenn.device import Golden, LlvmDevice
from mutatenn.errors import BaselineError
from mutatenn.model import save
from mutatenn.mutation.mutant import Mutant


@dataclasses.dataclass(frozen=True)
class Known:
    """What the whole campaign knows of the original: its code, reach, steps, mutants tried before.

    ``earlier`` holds kernel, artefact and id of each mutant that was tried before a resumption.
    """

    libraries: dict[str, Path]
    reach: Reach
    steps: OriginalSteps
    earlier: list[tuple[str, str, str]]


@dataclasses.dataclass
class Campaign:
    """A campaign in its folder: ``manifest.json``, ``journal.sqlite``, ``plan.json``, ``logs/``.

    ``resumed`` goes on with the campaign in the folder: mutants with a verdict are not run again,
    except those whose verdict is in ``retry``.
    """

    subject: Subject
    manifest: Manifest
    make_compiler: Callable[..., Compiler] = Compiler
    """Starts what compiles; it is called as ``Compiler`` is."""
    resumed: bool = False
    retry: tuple[str, ...] = ()

    @property
    def folder(self) -> Folder:
        """Where everything is written."""
        return Folder(self.subject.options.out)

    def run(self, watcher: Watcher) -> None:
        """Run every mutant; the journal holds each verdict before the next mutant starts.

        Raises:
            BaselineError: the original program does not run, or not repeatably (the folder is
                left as it was), or its answers changed while the campaign ran.
            IncompleteError: the folder can no longer be written.
            InputError: the folder cannot be written, or another campaign runs in it.
        """
        with (
            self.folder.owned(self._check_options, self._write_head),
            self.folder.scratch() as scratch,
            self._compiler(scratch) as compiler,
        ):
            watcher.phase(Phase.ORIGINALS)
            kernels = self._compile_originals(compiler)
            libraries = {name: self._library(compiled) for name, compiled in kernels.items()}
            with self._device(libraries) as device:
                watcher.phase(Phase.GOLDEN)
                with baseline_of(self.folder.journal):
                    golden = golden_run(device, self.subject)
                    facts = self._facts(golden)
                with Journal(self.folder.journal) as journal:
                    rows = earlier.kept(journal, self.retry)
                    walk = Walk(
                        self.manifest.mutants,
                        self.subject.options.sample,
                        {row["mutant"]: row["verdict"] for row in rows},
                    )
                    steps = count_originals(device, kernels)
                    journal.write_facts({**facts, "steps_unknown": steps.unknown})
                    tried = earlier.artifacts(rows, self.manifest.mutants)
                    known = Known(libraries, Reach(), steps, tried)
                    trials = self._trials(golden, known, kernels)
                    ready = self._proved(walk, compiler, trials, journal, watcher)
                    watcher.phase(Phase.PROBES)
                    source = Source(compiler, self.subject.options.jobs, ready)
                    apart = SetApart()
                    walked = self._walked(walk, source, device, known.reach, watcher)
                    ahead = apart.filtered(walked, trials)
                    self._run_mutants(ahead, trials, device, journal, watcher, walk)
                    journal.write_facts({"reach_unknown": known.reach.unknown})
            # The device has given its memory back: a group needs as much.
            for group in apart.groups():
                with Journal(self.folder.journal) as journal:
                    self._run_group(group, known, journal, watcher, walk)

    def _proved(
        self,
        walk: Walk,
        compiler: Compiler,
        trials: Trials,
        journal: Journal,
        watcher: Watcher,
    ) -> dict[str, Compiled]:
        """With ``prove`` being ``all``: decide all that are not runnable; what is to run, compiled.

        Else nothing is done.
        """
        ready: dict[str, Compiled] = {}
        if self.subject.options.prove != "all":
            return ready
        watcher.phase(Phase.PROOFS)
        mutants, wanted = walk.undecided(), walk.wanted()
        source = Source(compiler, self.subject.options.jobs, {})
        for done, (mutant, compiled) in enumerate(source.compiled(mutants), 1):
            verdict = trials.away(mutant, compiled)
            if verdict is not None:
                MutantLog(self.folder.mutants_log).taken_up(mutant.id)
                self._recorded(Trial(mutant, compiled, verdict), journal)
                walk.decided(mutant.id, verdict.verdict)
            if verdict is None and len(ready) < wanted:
                ready[mutant.id] = compiled
            else:
                compiled.remove_libraries()
                compiled.remove_originals(mutant)
            watcher.proved(done, len(mutants))
        return ready

    def _walked(
        self, walk: Walk, source: Source, device: LlvmDevice, reach: Reach, watcher: Watcher
    ) -> Iterator[tuple[Mutant, Compiled]]:
        """Each mutant of the walk with its kernel, places probed; the next ones compile meanwhile.

        A batch is asked for when all of the last are taken: which were proved away is known then.
        """
        log = MutantLog(self.folder.mutants_log)
        tell = watcher.begin
        while batch := walk.batch():
            reach.add(measure(source.compiler, device, batch))
            tell(len(batch))
            tell = watcher.more
            for mutant, compiled in source.compiled(batch):
                log.taken_up(mutant.id)
                yield mutant, compiled
        if tell == watcher.begin:
            tell(0)

    def _run_group(
        self, group: Group, known: Known, journal: Journal, watcher: Watcher, walk: Walk
    ) -> None:
        """Run mutants that are compared with a program that has another kernel in one place."""
        own = {name: self._library(one) for name, one in group.originals.items()}
        libraries = {**known.libraries, **own}
        with self._device(libraries) as device:
            try:
                golden = device.golden()
            except BaselineError as error:
                reason = f"the original does not run under the mutant's schedule: {error}"
                for mutant, compiled in group.mutants:
                    verdict = Verdict("inconclusive", reason=reason)
                    recorded = self._recorded(Trial(mutant, compiled, verdict), journal)
                    watcher.done(mutant, recorded)
                return
            trials = self._trials(golden, known, group.originals)
            self._run_mutants(iter(group.mutants), trials, device, journal, watcher, walk)
        group.remove_libraries()

    def _run_mutants(
        self,
        compiled: Iterator[tuple[Mutant, Compiled]],
        trials: Trials,
        device: LlvmDevice,
        journal: Journal,
        watcher: Watcher,
        walk: Walk,
    ) -> None:
        options = self.subject.options
        with contextlib.ExitStack() as stack:
            siblings = [stack.enter_context(device.sibling()) for _ in range(options.jobs)]
            pool = Pool(siblings, trials, options.repeat)
            # The device itself runs no mutant: it stays free to check the original.
            trust = Trust(device, journal, options.recheck_every)
            for trial in pool.run(compiled):
                verdict = self._recorded(trial, journal)
                walk.decided(trial.mutant.id, verdict.verdict)
                trust.after(trial.mutant, verdict)
                watcher.done(trial.mutant, verdict)
            trust.check()

    def _recorded(self, trial: Trial, journal: Journal) -> Verdict:
        """The trial's verdict; it is in the journal when this returns."""
        assert trial.verdict is not None
        compiled = trial.compiled
        verdict = marked(trial.verdict, compiled)
        journal.record(
            trial.mutant.id,
            self.subject.options.device,
            verdict,
            artifact=compiled.artifact,
            diff=compiled.diff,
            lowered=compiled.lowered,
            seconds_compile=compiled.seconds,
            seconds_run=trial.seconds,
            effort=compiled.effort,
        )
        return verdict

    def _trials(self, golden: Golden, known: Known, originals: dict[str, Compiled]) -> Trials:
        return Trials(self.subject, golden, known.reach, originals, known.steps, known.earlier)

    def _check_options(self) -> None:
        self.subject.options.check(resumed=self.resumed)

    def _write_head(self) -> None:
        if self.resumed:
            return
        write_atomically(self.folder.plan, self.subject.lowered.plan.to_json())
        self.manifest.write(self.folder.manifest)

    def _compiler(self, scratch: Path) -> Compiler:
        module = scratch / "module.json"
        save(self.subject.module, module)
        options, target = self.subject.options, self.subject.lowered.plan.target
        return self.make_compiler(
            module,
            target,
            scratch,
            self.folder.compiler_log,
            schedule=options.schedule,
            threads=options.threads,
            plan=plan_hash(self.subject.lowered.plan) if self.subject.of_graph else "",
            known=earlier.lowered(self.folder.journal, self.manifest.mutants, self.retry),
        )

    def _compile_originals(self, compiler: Compiler) -> dict[str, Compiled]:
        names = self.subject.lowered.plan.kernels
        for name in names:
            compiler.submit(Task(name))
        return {name: compiler.result() for name in names}

    @staticmethod
    def _library(compiled: Compiled) -> Path:
        if compiled.library is None:
            raise BaselineError(f"An original kernel does not compile: {compiled.reason}")
        return compiled.library

    def _device(self, libraries: dict[str, Path]) -> LlvmDevice:
        options, lowered = self.subject.options, self.subject.lowered
        return LlvmDevice(
            lowered.plan,
            lowered.weights,
            libraries,
            self.subject.inputs.rows,
            cache_mb=options.cache_mb,
            threads=options.threads,
            limits=options.limits,
            oob=options.oob,
        )

    def _facts(self, golden: Golden) -> dict[str, Any]:
        """What the journal keeps beside verdicts.

        Raises:
            BaselineError: the golden answers are not those that the campaign was begun with.
        """
        device, now = self.subject.options.device, golden_facts(golden, self.subject)
        if self.folder.journal.exists():
            with Journal(self.folder.journal) as journal:
                before = journal.facts().get("golden")
            if before is not None:
                require_same_answers(before[device], now)
        return {**self.manifest.facts, "golden": {device: now}}
