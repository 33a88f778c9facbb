"""One device's part of a campaign: golden run and probes first, then every mutant."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mutatenn.campaign import earlier
from mutatenn.campaign.answers import Answers
from mutatenn.campaign.baseline import golden_facts, golden_run, label_list, require_same_answers
from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.device_groups import CPU
from mutatenn.campaign.estimate import Rehearsal, spread
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.mutant_log import MutantLog
from mutatenn.campaign.pool import Pool, Trial
from mutatenn.campaign.program_worker import plan_hash
from mutatenn.campaign.reach import Reach
from mutatenn.campaign.rescheduled import Group, SetApart, marked
from mutatenn.campaign.sampling import size_of
from mutatenn.campaign.source import Source
from mutatenn.campaign.steps import OriginalSteps, count_originals
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.taking import Taking
from mutatenn.campaign.trials import Trials
from mutatenn.campaign.trust import Trust, baseline_of
from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.walk import Size, Walk
from mutatenn.campaign.watcher import Phase, Watcher
from mutatenn.device import Device, Golden, open_device
from mutatenn.errors import BaselineError
from mutatenn.model import save
from mutatenn.mutation.mutant import Mutant

Stores = tuple[Journal, Answers | None]
"""Where verdicts go, and answers where these are kept."""


@dataclasses.dataclass(frozen=True)
class Known:
    """What a leg knows of the original: its code, reach, steps, mutants tried before.

    ``earlier`` holds kernel, artefact and id of each mutant that was tried before a resumption.
    """

    libraries: dict[str, Path]
    reach: Reach
    steps: OriginalSteps
    earlier: list[tuple[str, str, str]]


@dataclasses.dataclass
class Leg:
    """Runs a campaign's mutants on one device.

    Attributes:
        device: its name.
        subject: what runs on it.
        manifest: the campaign's.
        folder: the campaign's.
        make_compiler: starts what compiles; it is called as ``Compiler`` is.
        retry: verdicts whose mutants are run again.
    """

    device: str
    subject: Subject
    manifest: Manifest
    folder: Folder
    make_compiler: Callable[..., Compiler]
    retry: tuple[str, ...]

    def run(self, scratch: Path, watcher: Watcher) -> None:
        """Run every mutant; the journal holds each verdict before the next mutant starts.

        Args:
            scratch: a folder for what is compiled.
            watcher: told of phases and verdicts.

        Raises:
            BaselineError: the original program does not run, or not repeatably, or its answers
                changed while the campaign ran.
            IncompleteError: the folder can no longer be written.
        """
        with self._compiler(scratch) as compiler:
            compiler.on_task = functools.partial(_tell_task, watcher)
            watcher.phase(Phase.ORIGINALS)
            kernels = self._compile_originals(compiler)
            libraries = {name: self._library(compiled) for name, compiled in kernels.items()}
            steps: OriginalSteps | None = None
            more = True
            while more:
                steps, more = self._round(compiler, kernels, libraries, steps, scratch, watcher)

    def _round(
        self,
        compiler: Compiler,
        kernels: dict[str, Compiled],
        libraries: dict[str, Path],
        steps: OriginalSteps | None,
        scratch: Path,
        watcher: Watcher,
    ) -> tuple[OriginalSteps, bool]:
        """Take the mutants that are due; whether others are, now that those have their verdicts.

        Args:
            compiler: compiles mutants.
            kernels: the originals, compiled.
            libraries: theirs.
            steps: what the originals take; ``None`` in the first round.
            scratch: the leg's folder.
            watcher: told of phases and verdicts.
        """
        first = steps is None
        with self._opened(libraries, scratch) as device:
            watcher.phase(Phase.GOLDEN)
            with baseline_of(self.folder.journal, self.device):
                golden = golden_run(device, self.subject)
                facts = self._facts(golden)
            with Journal(self.folder.journal) as journal, self._answers() as answers:
                if answers is not None:
                    answers.record_golden(self.device, golden.outputs)
                rows = earlier.kept(journal, self.device, self.retry if first else ())
                decided = [*rows, *earlier.elsewhere(journal, self.device)]
                mutants, size = self._mutants(journal)
                walk = Walk(mutants, size, {row["mutant"]: row["verdict"] for row in decided})
                steps = count_originals(device, kernels) if steps is None else steps
                journal.write_facts(facts)
                journal.add_facts("steps_unknown", self.device, steps.unknown)
                tried = earlier.artifacts(decided, self.manifest.mutants)
                known = Known(libraries, Reach(), steps, tried)
                trials = self._trials(golden, known, kernels)
                stores = (journal, answers)
                taking = self._taking(walk, compiler, trials, device, stores, watcher)
                taking.told = not first
                ready = taking.proved() if self.subject.options.prove == "all" else {}
                watcher.phase(Phase.PROBES)
                apart = SetApart()
                while not taking.begun or walk.wanted():
                    ahead = apart.filtered(taking.walked(ready, known.reach), trials)
                    self._run_mutants(ahead, trials, device, stores, watcher, walk)
                journal.add_facts("reach_unknown", self.device, known.reach.unknown)
        # The device has given its memory back: a group needs as much.
        for group in apart.groups():
            with Journal(self.folder.journal) as journal, self._answers() as answers:
                self._run_group(group, known, (journal, answers), scratch, watcher, walk)
        return steps, walk.wanted() > 0

    def _taking(
        self,
        walk: Walk,
        compiler: Compiler,
        trials: Trials,
        device: Device,
        stores: Stores,
        watcher: Watcher,
    ) -> Taking:
        return Taking(
            walk,
            self.manifest.own,
            trials,
            compiler,
            self.subject.options.jobs,
            device,
            MutantLog(self.folder.mutants_log),
            stores[0],
            lambda trial: self._recorded(trial, (stores[0], None)),
            watcher,
        )

    def rehearse(self, scratch: Path, watcher: Watcher) -> Rehearsal:
        """Compile the originals and a few mutants, and time a golden run; no mutant runs.

        Raises:
            BaselineError: the original program does not run, or not repeatably.
        """
        with self._compiler(scratch) as compiler:
            watcher.phase(Phase.ORIGINALS)
            libraries = {
                name: self._library(compiled)
                for name, compiled in self._compile_originals(compiler).items()
            }
            chosen = spread(self.manifest.own_of(self.device))
            source = Source(compiler, self.subject.options.jobs, {})
            seconds = tuple(compiled.seconds for _, compiled in source.compiled(chosen))
            with self._opened(libraries, scratch) as device:
                watcher.phase(Phase.GOLDEN)
                return Rehearsal(seconds, golden_run(device, self.subject).seconds)

    def _mutants(self, journal: Journal) -> tuple[tuple[Mutant, ...], Size]:
        """The mutants to walk through, and how many runnable ones are wanted; ``None`` for all.

        Where a sample ends, the mutants of all shards tell.
        """
        size = size_of(self.subject.options.to_dict())
        leader = self.manifest.leader(self.device)
        if leader != self.device:
            taken = {row["mutant"] for row in journal.rows() if row["device"] == leader}
            mutants = self.manifest.of(self.device)
            return tuple(mutant for mutant in mutants if mutant.id in taken), None
        if size is None:
            return self.manifest.own_of(self.device), None
        return self.manifest.of(self.device), size

    @contextlib.contextmanager
    def _answers(self) -> Iterator[Answers | None]:
        """Where answers are kept, if there are several devices to compare."""
        if len(self.subject.options.device) == 1:
            yield None
            return
        with Answers(self.folder.answers) as answers:
            yield answers

    def _run_group(
        self,
        group: Group,
        known: Known,
        stores: Stores,
        scratch: Path,
        watcher: Watcher,
        walk: Walk,
    ) -> None:
        """Run mutants that are compared with a program that has another kernel in one place."""
        own = {name: self._library(one) for name, one in group.originals.items()}
        libraries = {**known.libraries, **own}
        with contextlib.ExitStack() as stack:
            try:
                # An accelerator refuses a kernel when it is opened.
                device = stack.enter_context(self._opened(libraries, scratch))
                golden = device.golden()
            except BaselineError as error:
                reason = f"the original does not run under the mutant's schedule: {error}"
                for mutant, compiled in group.mutants:
                    verdict = Verdict("inconclusive", reason=reason)
                    recorded = self._recorded(Trial(mutant, compiled, verdict), stores)
                    walk.decided(mutant.id, recorded.verdict)
                    watcher.done(mutant, recorded)
                return
            trials = self._trials(golden, known, group.originals)
            self._run_mutants(iter(group.mutants), trials, device, stores, watcher, walk)
        group.remove_libraries()

    def _run_mutants(
        self,
        compiled: Iterator[tuple[Mutant, Compiled]],
        trials: Trials,
        device: Device,
        stores: Stores,
        watcher: Watcher,
        walk: Walk,
    ) -> None:
        options = self.subject.options
        with contextlib.ExitStack() as stack:
            siblings: list[Device] = []
            for _ in range(self.runners()):
                sibling: Device = device.sibling()
                stack.enter_context(sibling)
                siblings.append(sibling)
            pool = Pool(siblings, trials, options.repeat, watcher.running)
            # The device itself runs no mutant: it stays free to check the original.
            trust = Trust(device, stores[0], options.recheck_every)
            for trial in pool.run(compiled):
                verdict = self._recorded(trial, stores)
                walk.decided(trial.mutant.id, verdict.verdict)
                trust.after(trial.mutant, verdict)
                watcher.done(trial.mutant, verdict)
            trust.check()

    def runners(self) -> int:
        """Mutants that run at once: an accelerator takes one after another."""
        return self.subject.options.jobs if self.subject.group.lowering == CPU else 1

    def _recorded(self, trial: Trial, stores: Stores) -> Verdict:
        """The trial's verdict; it is in the journal when this returns."""
        assert trial.verdict is not None
        journal, answers = stores
        compiled = trial.compiled
        verdict = marked(trial.verdict, compiled)
        if answers is not None and trial.run is not None and verdict.reach:
            answers.record(trial.mutant.id, self.device, trial.run)
        journal.record(
            trial.mutant.id,
            self.device,
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

    def _compiler(self, scratch: Path) -> Compiler:
        module = scratch / "module.json"
        save(self.subject.module, module)
        subject, options = self.subject, self.subject.options
        return self.make_compiler(
            module,
            subject.group.target,
            scratch,
            self.folder.compiler_log,
            schedule=subject.schedule,
            threads=options.threads,
            plan=plan_hash(subject.lowered.plan) if subject.of_graph else "",
            device=self.device,
            known=earlier.lowered(
                self.folder.journal, self.device, self.manifest.mutants, self.retry
            ),
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

    def _opened(self, libraries: dict[str, Path], scratch: Path) -> Device:
        options, lowered = self.subject.options, self.subject.lowered
        return open_device(
            self.device,
            lowered.plan,
            lowered.weights,
            libraries,
            self.subject.inputs.rows,
            cache_mb=options.cache_mb,
            threads=options.threads,
            limits=options.limits,
            oob=options.oob,
            poison=options.poison,
            drivers=scratch,
        )

    def _facts(self, golden: Golden) -> dict[str, Any]:
        """What the journal keeps beside verdicts.

        Raises:
            BaselineError: the golden answers are not those that the campaign was begun with.
        """
        now = golden_facts(golden, self.subject)
        golden_of: dict[str, Any] = {}
        if self.folder.journal.exists():
            with Journal(self.folder.journal) as journal:
                golden_of = journal.facts().get("golden", {})
            if self.device in golden_of:
                require_same_answers(golden_of[self.device], now)
        return {
            **self.manifest.facts,
            "golden": {**golden_of, self.device: now},
            "input_names": list(self.subject.inputs.names),
            "labels": label_list(self.subject),
        }


def _tell_task(watcher: Watcher, task: Task | None) -> None:
    """Tell what the compile worker was given."""
    if task is None:
        watcher.compiling("", "")
    else:
        watcher.compiling(task.function, "" if task.mutant is None else task.mutant.id)
