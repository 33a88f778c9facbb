"""Some hundred mutants whose fate is known by construction: no verdict on them may be false."""

from __future__ import annotations

import dataclasses
import functools
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm.script import tirx as T  # noqa: N812

import audit_corpus
import audit_kernels as audit
from audit_corpus import OUT_OF_BOUNDS, Planted
from audit_flaky import flaky
from mutatenn.campaign import compile_worker
from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.compile_worker import KernelBuilder
from mutatenn.campaign.compiled import SHAPE, Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.options import Options
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.watcher import Silent
from mutatenn.device import Limits
from mutatenn.lowering.kernel import compile_kernel, link, parse_target
from mutatenn.model import save
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.signature import signature_change
from mutatenn.report.record import Record

Expected = tuple[str, str, str, tuple[str, ...], int, str]
"""Verdict, kill, reach, marks, failing inputs, and the first of them."""
Kernel = Callable[[audit.Loop], Any]
"""Makes a PrimFunc for a kind of loop."""
LOOPS = {"serial": T.serial, "parallel": T.parallel}
CORPUS = audit_corpus.corpus()
WAYS = [("serial", 1, 1), ("parallel", 2, 1), ("serial", 1, 2)]
"""Kind of loop, threads and jobs of a campaign."""
WAY_NAMES = ["one thread", "two threads, parallel kernels", "two jobs"]


@dataclasses.dataclass(frozen=True)
class Prepared:
    """A compiled kernel: its library and the hash of its object code, or why there is none."""

    library: Path | None
    artifact: str = ""
    reshaped: str = ""


class PreparedCompiler(Compiler):
    """Compiles what it is asked for, but hands out what is prepared for planted mutants."""

    def __init__(
        self,
        prepared: dict[str, Prepared],
        module: Path,
        target: str,
        scratch: Path,
        log: Path,
        **schedules: Any,
    ) -> None:
        super().__init__(module, target, scratch, log, **schedules)
        self._prepared = prepared
        self._folder = scratch
        self._asked: list[str] = []

    def submit(self, task: Task) -> None:
        mutant = task.mutant.id if task.mutant is not None else ""
        self._asked.append(mutant)
        if mutant not in self._prepared:
            super().submit(task)

    def result(self) -> Compiled:
        mutant = self._asked.pop(0)
        prepared = self._prepared.get(mutant)
        if prepared is None:
            return super().result()
        if prepared.library is None:
            return Compiled(None, "", "", 0.0, SHAPE, prepared.reshaped)
        # A path that was not used before: dlopen remembers paths.
        library = self._folder / f"{mutant}.so"
        shutil.copy(prepared.library, library)
        return Compiled(library, prepared.artifact, diff="", seconds=0.0)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Prepared]]:
    """Every planted kernel compiled, once for each kind of loop; by the mutant's id."""

    @functools.cache
    def compile_all(loop: str) -> dict[str, Prepared]:
        kernels = {
            mutant_id(index): planted.kernel
            for index, planted in enumerate(CORPUS)
            if planted.kernel is not None
        }
        return prepare(kernels, loop, tmp_path_factory.mktemp(loop))

    return compile_all


def prepare(kernels: dict[str, Kernel], loop: str, folder: Path) -> dict[str, Prepared]:
    """Compile kernels, but not one with another signature than the original's."""
    target, original, found = parse_target("llvm"), audit.original(LOOPS[loop]), {}
    for name, kernel in kernels.items():
        planted = kernel(LOOPS[loop])
        reshaped = signature_change(original, planted)
        if reshaped:
            found[name] = Prepared(None, reshaped=reshaped)
            continue
        artifact = compile_kernel(planted, target, folder)
        found[name] = Prepared(link(artifact, folder / f"{name}.so"), artifact.sha256)
    return found


def mutant_id(index: int) -> str:
    return f"planted-{index:03}"


def with_corpus(manifest: Manifest, corpus: dict[str, Planted]) -> Manifest:
    """The manifest with planted mutants in place of its own, by their ids.

    They sit where the kernel's own mutants do, so that the probes find their places reached.
    """
    (scale, *_) = [m for m in manifest.mutants if m.function == "scale"]
    unreached = [m for m in manifest.mutants if m.function == "rare"]
    mutants = [
        dataclasses.replace(unreached.pop() if planted.kernel is None else scale, id=name)
        for name, planted in corpus.items()
    ]
    return dataclasses.replace(manifest, mutants=tuple(mutants))


def run_corpus(
    folder: Path,
    corpus: dict[str, Planted],
    prepared: dict[str, Prepared],
    loop: str,
    **changes: Any,
) -> dict[str, dict[str, Any]]:
    """The journal's rows of one campaign on planted mutants, by their ids."""
    save(audit.model(LOOPS[loop]), folder / "model.json")
    np.save(folder / "x.npy", audit.inputs())
    options = Options(
        model=folder / "model.json",
        inputs=folder / "x.npy",
        out=folder / "out",
        stage="tensor",
        schedule="none",
        operators=("swap-arith",),
        limits=Limits(floor_ms=500, memory_mb=256),
        **changes,
    )
    subject = Subject.prepare(options)
    manifest = with_corpus(subject.manifest(), corpus)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TVM_NUM_THREADS", str(options.threads))
        Campaign(subject, manifest, partial(PreparedCompiler, prepared)).run(Silent())
    return {row["mutant"]: row for row in Record.read(options.out).rows}


def expected(planted: Planted) -> Expected:
    first = "" if planted.first < 0 else str(planted.first)
    return (
        planted.verdict,
        planted.kill,
        planted.reach,
        planted.marks,
        planted.failing,
        first,
    )


def told(row: dict[str, Any]) -> Expected:
    return (
        row["verdict"],
        row["kill"],
        row["reach"],
        tuple(row["marks"]),
        row["failing"],
        row["first_failing"],
    )


def false_verdicts(
    rows: dict[str, dict[str, Any]], corpus: dict[str, Planted]
) -> dict[str, tuple[Expected, Expected, str]]:
    """Expected and told of every mutant of which something false was told."""
    return {
        planted.name: (expected(planted), told(rows[name]), rows[name]["reason"])
        for name, planted in corpus.items()
        if told(rows[name]) != expected(planted)
    }


@pytest.mark.parametrize(("loop", "threads", "jobs"), WAYS, ids=WAY_NAMES)
def test_no_verdict_on_a_planted_mutant_is_false(
    tmp_path: Path,
    prepared: Callable[[str], dict[str, Prepared]],
    loop: str,
    threads: int,
    jobs: int,
) -> None:
    corpus = {mutant_id(index): planted for index, planted in enumerate(CORPUS)}
    rows = run_corpus(tmp_path, corpus, prepared(loop), loop, threads=threads, jobs=jobs)
    assert false_verdicts(rows, corpus) == {}
    ids = {planted.name: name for name, planted in corpus.items()}
    for name, planted in corpus.items():
        if planted.like:
            assert rows[name]["reason"].endswith(ids[planted.like])


def test_every_write_out_of_bounds_is_a_crash_when_trapped(
    tmp_path: Path, prepared: Callable[[str], dict[str, Prepared]]
) -> None:
    corpus = {
        mutant_id(index): dataclasses.replace(
            planted, verdict="killed", kill="crash", reach="", failing=0, first=-1
        )
        for index, planted in enumerate(CORPUS)
        if OUT_OF_BOUNDS in planted.marks
    }
    assert len(corpus) == 8
    rows = run_corpus(tmp_path, corpus, prepared("serial"), "serial", jobs=1, oob="trap")
    assert false_verdicts(rows, corpus) == {}


def test_a_mutant_with_another_signature_is_found_where_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No operator changes a signature yet, so that planting is what is replaced here."""
    module = audit.model(T.serial)
    builder = KernelBuilder(module, "llvm", tmp_path)
    mutant = next(m for m in enumerate_mutants(module, ["swap-arith"]) if m.function == "scale")
    changed = tvm.IRModule({"scale": audit.reshaped((8,), (9,))(T.serial)})
    monkeypatch.setattr(compile_worker, "plant", lambda _module, _mutant: changed)
    compiled = builder.do(Task("scale", mutant))
    assert (compiled.library, compiled.rejected_by) == (None, SHAPE)
    assert compiled.reason == "parameter 1 (C) of the kernel is float32[9], but was float32[8]"
    assert "+++ scale (mutant)" in compiled.diff


@pytest.mark.parametrize(("loop", "threads", "jobs"), WAYS, ids=WAY_NAMES)
def test_a_mutant_that_does_not_do_the_same_twice_is_inconclusive(
    tmp_path: Path,
    prepared: Callable[[str], dict[str, Prepared]],
    loop: str,
    threads: int,
    jobs: int,
) -> None:
    """Flaky mutants among others, every one of them run twice."""
    shifty = {f"flaky-{index}": one for index, one in enumerate(flaky(tmp_path / "once"))}
    (tmp_path / "once").mkdir()
    (tmp_path / "kernels").mkdir()
    kernels = {name: one.kernel for name, one in shifty.items()}
    made = prepare(kernels, loop, tmp_path / "kernels") | prepared(loop)
    corpus = {name: Planted(one.name, one.kernel, "inconclusive") for name, one in shifty.items()}
    for index, planted in enumerate(CORPUS):
        if planted.kill != "hang" and not planted.like:
            corpus[mutant_id(index)] = planted
    rows = run_corpus(tmp_path, corpus, made, loop, threads=threads, jobs=jobs, repeat=2)
    assert false_verdicts(rows, corpus) == {}
    for name, one in shifty.items():
        assert rows[name]["reason"].startswith(one.reason), (one.name, rows[name]["reason"])


def test_the_corpus_holds_some_hundred_mutants_of_every_fate() -> None:
    assert len(CORPUS) >= 100
    assert {planted.kill for planted in CORPUS} == {"", "label", "nan", "crash", "hang", "shape"}
    assert {planted.reach for planted in CORPUS} == {
        *("", "masked", "infected", "propagated", "revealed")
    }
    verdicts = {"killed", "survived", "equivalent", "duplicate", "not_reached"}
    assert {planted.verdict for planted in CORPUS} == verdicts
