"""Running a campaign: golden run and probes first, then every mutant, compiling ahead."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mutatenn.campaign.compile_worker import Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.lock import locked
from mutatenn.campaign.manifest import Manifest, write_atomically
from mutatenn.campaign.pool import Pool, Trial
from mutatenn.campaign.reach import Reach, measure
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.trials import Trials
from mutatenn.campaign.trust import Trust
from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.watcher import Watcher
from mutatenn.device import Device, Golden, LlvmDevice
from mutatenn.errors import BaselineError, InputError
from mutatenn.model import save
from mutatenn.mutation.mutant import Mutant
from mutatenn.oracle import predictions


@dataclasses.dataclass
class Campaign:
    """A campaign in its folder: ``manifest.json``, ``journal.sqlite``, ``plan.json``, ``logs/``.

    ``resumed`` goes on with the campaign in the folder: mutants with a verdict are not run again,
    except those whose verdict is in ``retry``.
    """

    subject: Subject
    manifest: Manifest
    make_compiler: Callable[[Path, str, Path, Path], Compiler] = Compiler
    """Starts what compiles: module, target, scratch folder and log, as ``Compiler`` takes them."""
    resumed: bool = False
    retry: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where everything is written."""
        return self.subject.options.out

    def run(self, watcher: Watcher) -> None:
        """Run every mutant; the journal holds each verdict before the next mutant starts.

        Raises:
            BaselineError: the original program does not run, or not repeatably (the folder is
                left as it was), or its answers changed while the campaign ran.
            IncompleteError: the folder can no longer be written.
            InputError: the folder cannot be written, or another campaign runs in it.
        """
        with self._own_folder(), self._scratch() as scratch, self._compiler(scratch) as compiler:
            watcher.phase("compiling the original kernels")
            kernels = self._compile_originals(compiler)
            libraries = {name: self._library(compiled) for name, compiled in kernels.items()}
            with self._device(libraries) as device:
                watcher.phase("golden runs")
                golden = self._baseline(device)
                watcher.phase("probing which places the inputs execute")
                reach = measure(compiler, device, self.manifest.mutants)
                with Journal(self.folder / "journal.sqlite") as journal:
                    facts = self._facts(golden, reach)
                    earlier = self._earlier(journal, facts)
                    journal.write_facts(facts)
                    trials = Trials(self.subject, golden, reach, kernels, earlier)
                    self._run_mutants(compiler, trials, device, journal, watcher)

    def _run_mutants(
        self,
        compiler: Compiler,
        trials: Trials,
        device: LlvmDevice,
        journal: Journal,
        watcher: Watcher,
    ) -> None:
        decided = {row["mutant"] for row in journal.rows()}
        mutants = [mutant for mutant in self.manifest.mutants if mutant.id not in decided]
        watcher.begin(len(mutants))
        options = self.subject.options
        with contextlib.ExitStack() as stack:
            siblings = [stack.enter_context(device.sibling()) for _ in range(options.jobs)]
            pool = Pool(siblings, trials, options.repeat)
            # The device itself runs no mutant: it stays free to check the original.
            trust = Trust(device, journal, options.recheck_every)
            for trial in pool.run(self._compiled(mutants, compiler, options.jobs)):
                verdict = self._recorded(trial, journal)
                trust.after(trial.mutant, verdict)
                watcher.done(trial.mutant, verdict)
            trust.check()

    def _recorded(self, trial: Trial, journal: Journal) -> Verdict:
        """The trial's verdict; it is in the journal when this returns."""
        assert trial.verdict is not None
        compiled = trial.compiled
        journal.record(
            trial.mutant.id,
            self.subject.options.device,
            trial.verdict,
            artifact=compiled.artifact,
            diff=compiled.diff,
            seconds_compile=compiled.seconds,
            seconds_run=trial.seconds,
        )
        return trial.verdict

    def _earlier(self, journal: Journal, facts: dict[str, Any]) -> list[tuple[str, str, str]]:
        """Kernel, artefact and id of the mutants tried before; ``retry`` takes verdicts back.

        Raises:
            BaselineError: the golden answers are not those that the campaign was begun with.
        """
        rows = list(journal.rows())
        if not rows:
            return []
        device = self.subject.options.device
        before = journal.facts()["golden"][device]["outputs"]
        if before != facts["golden"][device]["outputs"]:
            raise BaselineError(
                "The original's answers are not those that the campaign was begun with, although "
                "model, inputs and versions are: begin a new campaign on this machine"
            )
        journal.take_back(row["mutant"] for row in rows if row["verdict"] in self.retry)
        kernels = {mutant.id: mutant.function for mutant in self.manifest.mutants}
        tried = [row for row in rows if row["artifact"] and row["verdict"] not in self.retry]
        return [
            (kernels[row["mutant"]], row["artifact"], row["mutant"])
            for row in tried
            if row["verdict"] not in ("equivalent", "duplicate")
        ]

    @contextlib.contextmanager
    def _own_folder(self) -> Iterator[None]:
        """The campaign's folder, locked, its manifest in it; a failed baseline leaves nothing."""
        folder = self.folder
        made = [path for path in (folder, *folder.parents) if not path.exists()]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            with locked(folder):
                # Another campaign may have come to its end here since the options were checked.
                self.subject.options.check(resumed=self.resumed)
                head = ("manifest.json", "plan.json", "logs/compiler.log", "logs")
                absent = [path for path in map(folder.joinpath, head) if not path.exists()]
                try:
                    self._write_head()
                    yield
                finally:
                    if not (folder / "journal.sqlite").exists():
                        _remove(absent)
        finally:
            # Only folders that are empty go; the lock is not in them any more.
            _remove(made)

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[Path]:
        """A folder for libraries, removed at the end; also those that killed campaigns left."""
        for left in self.folder.glob("scratch-*"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=self.folder))
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _unwritable(self, error: OSError) -> InputError:
        return InputError(
            f"{self.folder} cannot be written ({error.strerror}); give --out another folder"
        )

    @property
    def _log(self) -> Path:
        return self.folder / "logs" / "compiler.log"

    def _compiler(self, scratch: Path) -> Compiler:
        module = scratch / "module.json"
        save(self.subject.module, module)
        return self.make_compiler(module, self.subject.options.target, scratch, self._log)

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

    def _baseline(self, device: Device) -> Golden:
        golden = device.golden()
        inputs = self.subject.inputs
        for oracle in self.subject.oracles:
            refusal = oracle.refuses_golden(golden.outputs, inputs.labels, inputs.names)
            if refusal:
                raise BaselineError(refusal)
        return golden

    def _write_head(self) -> None:
        try:
            self._log.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        if self.resumed:
            return
        write_atomically(self.folder / "plan.json", self.subject.lowered.plan.to_json())
        self.manifest.write(self.folder / "manifest.json")

    def _facts(self, golden: Golden, reach: Reach) -> dict[str, Any]:
        inputs = self.subject.inputs
        baseline: dict[str, Any] = {
            "inputs": len(inputs),
            "rows_cached": golden.rows_cached,
            "seconds": float(golden.seconds.sum()),
            "outputs": _sha256(golden.outputs),
        }
        if inputs.labels is not None:
            right = predictions(golden.outputs[0]).reshape(-1) == inputs.labels
            baseline |= {"right": int(right.sum()), "top1": float(right.mean())}
        return {
            **self.manifest.facts,
            "golden": {self.subject.options.device: baseline},
            "reach_unknown": reach.unknown,
        }

    @staticmethod
    def _compiled(
        mutants: Sequence[Mutant], compiler: Compiler, jobs: int
    ) -> Iterator[tuple[Mutant, Compiled]]:
        """Each mutant with its kernel; the next ones compile while the caller runs these."""
        ahead = iter(mutants)
        for mutant in itertools.islice(ahead, jobs + 1):
            compiler.submit(Task(mutant.function, mutant))
        for mutant in mutants:
            yield mutant, compiler.result()
            for following in itertools.islice(ahead, 1):
                compiler.submit(Task(following.function, following))


def _remove(paths: list[Path]) -> None:
    """Remove files, and folders that are empty, as far as they are there."""
    for path in paths:
        # A folder into which somebody else has put something stays.
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def _sha256(outputs: Sequence[np.ndarray]) -> str:
    digest = hashlib.sha256()
    for output in outputs:
        digest.update(np.ascontiguousarray(output).tobytes())
    return digest.hexdigest()
