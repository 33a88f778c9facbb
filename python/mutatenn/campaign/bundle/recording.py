"""What a bundle's run left, as the campaign's parts ask for it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from mutatenn.campaign.bundle.entries import from_plain
from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.device import Golden, MutantRun, ProbeFailed, RunnerDied
from mutatenn.device.bundle.contents import HEAD, MUTANTS, PLAN, PROBES
from mutatenn.device.bundle.results import Results
from mutatenn.device.bundle.run_file import run_from_json
from mutatenn.device.bundle.session import group_of
from mutatenn.errors import BaselineError, InputError
from mutatenn.lowering.plan import Plan
from mutatenn.mutation.mutant import Mutant


class Recording:
    """The results of a bundle, and what the bundle said of its mutants.

    Compiled kernels are stood for by empty files, which are known by their paths.
    """

    def __init__(self, folder: Path) -> None:
        """Read the folder that a bundle's run left.

        Raises:
            InputError: it holds no results, or some of them are damaged.
        """
        self.results = Results.read(folder)
        try:
            self.head: dict[str, Any] = json.loads((folder / HEAD).read_text())
            self.plan = Plan.from_json((folder / PLAN).read_text())
            entries = json.loads((folder / MUTANTS).read_text())
            probes = json.loads((folder / PROBES).read_text())
            self._entries = {entry["id"]: entry for entry in entries}
            self.mutants = [Mutant.from_dict(entry["mutant"]) for entry in entries]
            told = self.facts.get("probes", probes)
            self._flags = _flags(told)
            self._unprobed = {one["function"]: one["reason"] for one in told if one["reason"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{folder} is damaged: {error}") from error
        self._kernels: dict[Path, str] = {}
        self._owners: dict[Path, str] = {}
        self._probes: dict[Path, Task] = {}
        self._numbers = itertools.count()

    @property
    def facts(self) -> dict[str, Any]:
        """What ``result.json`` says."""
        return self.results.facts

    @property
    def has_line(self) -> set[str]:
        """Ids of the mutants that were tried."""
        return set(self.results.lines)

    def compiled(self, task: Task, scratch: Path) -> Compiled:
        """What became of a task when the bundle was built."""
        if task.places:
            path = self._file(scratch, "")
            self._probes[path] = task
            return Compiled(path, "", "", 0.0)
        if task.mutant is None:
            plain = self.head["originals"][task.function]
            return from_plain(plain, lambda kernel: self._file(scratch, kernel))
        mutant = task.mutant.id
        plain = self._entries[mutant]["compiled"]
        return from_plain(plain, lambda kernel: self._file(scratch, kernel, mutant))

    def group(self, libraries: dict[str, Path]) -> str:
        """The name of the group whose originals these are; empty: those of the plan."""
        own = {name: self._kernels[path] for name, path in libraries.items()}
        kernels = self.head["kernels"]
        apart = {name: kernel for name, kernel in own.items() if kernel != kernels[name]}
        return group_of({"originals": apart})

    def golden(self, group: str) -> Golden:
        """A golden run.

        Raises:
            BaselineError: the original did not run.
        """
        facts = self.facts["groups"][group] if group else self.facts["golden"]
        if "fault" in facts:
            raise BaselineError(facts["fault"])
        return self.results.golden(self.plan, facts["rows_cached"], group)

    def owner(self, libraries: dict[str, Path]) -> str:
        """The mutant that some kernels are of."""
        return self._owners[next(iter(libraries.values()))]

    def run(self, mutant: str, number: int, golden: Golden) -> MutantRun:
        """A mutant's run, counted from 0.

        Raises:
            RunnerDied: there is none; the message says why.
        """
        line = self.results.lines.get(mutant, {"runs": []})
        if number >= len(line["runs"]):
            raise RunnerDied(line.get("lost") or f"the bundle's run has no run {number + 1} of it")
        answers = self.results.answers(mutant)
        name = f"run{number}-"
        return run_from_json(line["runs"][number], golden.outputs, answers, name)

    def flags(self, library: Path) -> list[bool]:
        """What a probe raised.

        Raises:
            ProbeFailed: it did not run.
        """
        task = self._probes[library]
        try:
            return [self._flags[task.function, place] for place in task.places]
        except KeyError:
            missing = f"the bundle's run has no probe of {task.function}"
            raise ProbeFailed(self._unprobed.get(task.function, missing)) from None

    def _file(self, scratch: Path, kernel: str, owner: str = "") -> Path:
        path = scratch / f"recorded-{next(self._numbers)}"
        path.touch()
        self._kernels[path] = kernel
        self._owners[path] = owner
        return path


def _flags(probes: list[dict[str, Any]]) -> dict[tuple[str, str], bool]:
    """Whether the inputs execute a place, by function and path."""
    return {
        (probe["function"], place): bool(flag)
        for probe in probes
        for place, flag in zip(probe["places"], probe.get("executed", ()), strict=False)
    }
