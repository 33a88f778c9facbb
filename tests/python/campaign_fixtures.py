"""Small campaigns, their inputs, and the command line called in this process."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mutatenn.api import write_reports
from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.compiled import Compiled
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.options import Options
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.watcher import Silent
from mutatenn.cli.app import main
from mutatenn.demo import inputs_path, model_path
from mutatenn.report.record import Record

ROWS = 12
SEED = 11


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first rows of the demo's images, with their labels, as ``.npz``."""
    return _digits(tmp_path_factory.getbasetemp())


@functools.cache  # a fixture is made anew for every module that imports it
def _digits(folder: Path) -> Path:
    path = folder / "digits.npz"
    with np.load(inputs_path()) as shipped:
        np.savez(path, images=shipped["images"][:ROWS], labels=shipped["labels"][:ROWS])
    return path


@dataclasses.dataclass(frozen=True)
class Finished:
    """A campaign that has ended, with what it says of itself."""

    options: Options
    summary: dict[str, Any]

    @property
    def folder(self) -> Path:
        return self.options.out

    @property
    def record(self) -> Record:
        return Record.read(self.folder)

    def verdicts(self) -> dict[str, tuple[Any, ...]]:
        """Everything that is said of each mutant, times left out."""
        return {
            row["mutant"]: tuple(row[key] for key in sorted(row) if not key.startswith("seconds"))
            for row in self.record.rows
        }


def run_chosen(options: Options, chosen: Callable[[Manifest], Manifest]) -> Finished:
    """Run those mutants of a model that ``chosen`` leaves in the manifest."""
    subject = Subject.prepare(options)
    Campaign(subject, chosen(subject.manifest())).run(Silent())
    return Finished(options, write_reports(options.out))


def all_kinds(manifest: Manifest) -> Manifest:
    """Mutants of the demo that TVM refuses, that compile alike, and ordinary ones."""
    relu = [
        mutant
        for mutant in manifest.mutants
        if mutant.function == "fused_conv2d_add_relu" and mutant.settings.get("to") == "div"
    ][-1:]
    ordinary = [
        mutant
        for mutant in manifest.mutants
        if mutant.function == "reshape2"
        or (mutant.function == "fused_matmul_add3" and mutant.site_in_function in (0, 2))
    ]
    return dataclasses.replace(manifest, mutants=(*relu, *ordinary))


OPERATORS = (
    *("drop-clause", "drop-guard", "force-cond", "negate-cond", "shift-threshold", "swap-arith"),
    *("swap-branches", "swap-cmp", "swap-logic"),
)
"""Some of the catalogue: its size and its verdicts stay as they are when operators are added."""


def demo_options(digits: Path, out: Path, **changes: Any) -> Options:
    return Options(
        model=model_path(),
        inputs=digits,
        out=out,
        seed=SEED,
        **{"stage": "tensor", "schedule": "none", "operators": OPERATORS, **changes},
    )


@pytest.fixture(scope="session")
def finished(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A campaign on the demo model with a verdict of most kinds."""
    return _finished(tmp_path_factory.getbasetemp() / "first", digits)


@pytest.fixture(scope="session")
def repeated(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The same campaign once more."""
    return _finished(tmp_path_factory.getbasetemp() / "second", digits)


@functools.cache
def _finished(out: Path, digits: Path) -> Finished:
    return run_chosen(demo_options(digits, out), all_kinds)


class SubstitutingCompiler(Compiler):
    """A compiler that hands out prepared libraries for chosen mutants, by their id."""

    def __init__(
        self,
        prepared: dict[str, Path],
        module: Path,
        target: str,
        scratch: Path,
        log: Path,
        **schedules: Any,
    ) -> None:
        super().__init__(module, target, scratch, log, **schedules)
        self._prepared = prepared
        self._folder = scratch

    def result(self) -> Compiled:
        mutant = self._waiting[0].mutant
        compiled = super().result()
        if mutant is None or mutant.id not in self._prepared:
            return compiled
        library = self._folder / f"{mutant.id}.so"
        shutil.copy(self._prepared[mutant.id], library)
        artifact = hashlib.sha256(library.read_bytes()).hexdigest()
        return Compiled(library, artifact, compiled.diff, compiled.seconds)


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


Cli = Callable[..., Answer]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Calls ``mutatenn-ir`` in this process; what native code prints is in the answer too."""

    def call(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["mutatenn-ir", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capfd.readouterr()
        return Answer(int(end.value.code or 0), out, err)

    return call


def listing(folder: Path) -> dict[str, str]:
    """Every file and folder below a folder; files with the hash of what they hold."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in sorted(folder.rglob("*"))
    }


def descendants(pid: int, children: Callable[[int], list[int]]) -> list[int]:
    """Living processes that a process has started, and those that these have started."""
    found = children(pid)
    return [*found, *(below for child in found for below in descendants(child, children))]
