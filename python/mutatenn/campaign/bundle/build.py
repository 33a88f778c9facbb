"""Making a bundle: kernels are compiled and judged as in a campaign, and packed instead of run."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mutatenn.campaign.bundle.entries import KernelFiles, entry, to_plain
from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.manifest import versions
from mutatenn.campaign.reach import Reach, probe_tasks
from mutatenn.campaign.source import Source
from mutatenn.campaign.steps import OriginalSteps
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.trials import Trials
from mutatenn.campaign.walk import Walk
from mutatenn.device import Golden
from mutatenn.device.bundle.archive import write_bundle
from mutatenn.device.bundle.contents import (
    HEAD,
    INPUTS,
    MUTANTS,
    PLAN,
    PROBES,
    SCHEMA,
    WEIGHTS,
    packed,
)
from mutatenn.device.bundle.inputs import rows_sha256
from mutatenn.errors import InputError
from mutatenn.model import save
from mutatenn.mutation.mutant import Mutant

_NO_RUN = Golden([], np.zeros((0, 0)), 0)


@dataclasses.dataclass(frozen=True)
class Cargo:
    """What a bundle is made of.

    Attributes:
        subject: the lowered model, its inputs and options; without rows, none go into the bundle.
        device: what kernels are compiled for.
        mutants: in the order in which they are taken.
        wanted: how many runnable ones; ``None`` for all.
    """

    subject: Subject
    device: str
    mutants: Sequence[Mutant]
    wanted: int | None


class Builder:
    """Compiles what a bundle holds."""

    def __init__(self, cargo: Cargo, scratch: Path) -> None:
        """Work in the folder ``scratch``."""
        self._cargo = cargo
        self._scratch = scratch
        self._files = KernelFiles()
        self._entries: list[dict[str, Any]] = []
        self._probes: list[dict[str, Any]] = []
        self._originals: dict[str, Compiled] = {}

    def build(self, path: Path) -> dict[str, int]:
        """Write the bundle; how many mutants it has, by verdict, ``to run`` for those without.

        Raises:
            InputError: an original kernel cannot be compiled, or the file cannot be written.
            MissingToolError: a compiler is not there.
        """
        with self._compiler() as compiler:
            self._compile_originals(compiler)
            self._compile_mutants(compiler)
        originals = {name: to_plain(one, self._files.keep) for name, one in self._originals.items()}
        try:
            write_bundle(path, self._members(originals))
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error
        verdicts = [one["verdict"] or "to run" for one in self._entries]
        return {name: verdicts.count(name) for name in sorted(set(verdicts))}

    def _compiler(self) -> Compiler:
        subject = self._cargo.subject
        module = self._scratch / "module.json"
        save(subject.module, module)
        return Compiler(
            module,
            subject.group.target,
            self._scratch,
            self._scratch / "compiler.log",
            schedule=subject.schedule,
            threads=subject.options.threads,
            device=self._cargo.device,
        )

    def _compile_originals(self, compiler: Compiler) -> None:
        names = self._cargo.subject.lowered.plan.kernels
        for name in names:
            compiler.submit(Task(name))
        for name in names:
            self._originals[name] = compiled = compiler.result()
            if compiled.library is None:
                raise InputError(f"the original kernel {name} does not compile: {compiled.reason}")

    def _compile_mutants(self, compiler: Compiler) -> None:
        """Walk through the mutants as a campaign does, until enough of them are runnable."""
        cargo = self._cargo
        none = OriginalSteps({}, {})
        trials = Trials(cargo.subject, _NO_RUN, Reach(), self._originals, none)
        walk = Walk(cargo.mutants, cargo.wanted, {})
        source = Source(compiler, 1, {})
        while batch := walk.batch():
            self._compile_probes(compiler, batch)
            for mutant, compiled in source.compiled(batch):
                verdict = trials.beforehand(mutant, compiled)
                self._entries.append(entry(mutant, compiled, verdict, self._files))
                walk.decided(mutant.id, "" if verdict is None else verdict.verdict)

    def _compile_probes(self, compiler: Compiler, mutants: Sequence[Mutant]) -> None:
        tasks = probe_tasks(mutants)
        for task in tasks:
            compiler.submit(task)
        for task in tasks:
            compiled = compiler.result()
            library = compiled.library
            self._probes.append(
                {
                    "function": task.function,
                    "places": list(task.places),
                    "kernel": "" if library is None else self._files.keep(library),
                    "reason": compiled.reason and f"the probe does not compile: {compiled.reason}",
                }
            )

    def _members(self, originals: dict[str, dict[str, Any]]) -> dict[str, bytes]:
        subject = self._cargo.subject
        lowered, options, rows = subject.lowered, subject.options, subject.inputs.rows
        head = {
            "schema": SCHEMA,
            "family": subject.group.lowering,
            "model": options.model.name,
            "target": subject.group.target,
            "schedule": subject.schedule,
            "stage": options.stage,
            "seed": options.seed,
            "versions": versions(),
            "hashes": subject.hashes(),
            "rows_sha256": rows_sha256(lowered.plan, rows) if rows else "",
            "settings": {
                "cache_mb": options.cache_mb,
                "limits": dataclasses.asdict(options.limits),
                "oob": options.oob,
                "poison": options.poison,
                "repeat": options.repeat,
                "recheck_every": options.recheck_every,
            },
            "kernels": {name: one["kernel"] for name, one in originals.items()},
            "originals": originals,
        }
        members = {
            HEAD: _json(head),
            PLAN: lowered.plan.to_json().encode(),
            MUTANTS: _lines(self._entries),
            PROBES: _lines(self._probes),
            WEIGHTS: packed(lowered.weights),
            **self._files.members,
        }
        if rows:
            members[INPUTS] = packed(dict(zip(lowered.plan.inputs, rows, strict=True)))
        return members


def build_bundle(cargo: Cargo, path: Path) -> dict[str, int]:
    """Make a bundle and write it to ``path``; see ``Builder.build``."""
    with tempfile.TemporaryDirectory(prefix="mutatenn-") as scratch:
        return Builder(cargo, Path(scratch)).build(path)


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def _lines(values: Sequence[dict[str, Any]]) -> bytes:
    """A JSON array, one value a line."""
    return ("[\n" + ",\n".join(map(json.dumps, values)) + "\n]\n").encode()
