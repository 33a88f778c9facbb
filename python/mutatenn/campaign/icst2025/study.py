"""All rows in one model: each with an honest status, and what its mutant answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.campaign.icst2025.builder import Built, Setup
from mutatenn.campaign.icst2025.outcome import Contest, Outcome
from mutatenn.campaign.icst2025.worker import BuildWorker
from mutatenn.errors import InputError
from mutatenn.lowering.plan import Plan
from mutatenn.model.inputs import Inputs, InputSpec, load_inputs
from mutatenn.model.preprocess import Preprocess
from mutatenn.mutation.icst2025 import Row, read_rows
from mutatenn.oracle.classifier import require_classes

BUILD_SECONDS = 600.0
STATUSES = ("applies", "duplicate", "equivalent", "matches nothing", "invalid", "inconclusive")
"""``invalid``: TVM refuses the mutant; ``inconclusive``: its building crashed or took too long."""
_BYTE_FOR_BYTE = "its program is that of row {}, byte for byte"


@dataclasses.dataclass(frozen=True)
class RowResult:
    """What became of a row in a model; ``outcome`` is there for what was built and is not equal.

    ``confirmed`` says of a duplicate by meaning whether its answers are bit for bit those of the
    row that it duplicates; ``None`` where they were not compared.
    """

    row: int
    title: str
    category: str
    status: str
    reason: str
    sites: int
    functions: int
    duplicate_of: int | None = None
    confirmed: bool | None = None
    outcome: Outcome | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        outcome = None if self.outcome is None else self.outcome.to_dict()
        return {**dataclasses.asdict(self), "outcome": outcome}


@dataclasses.dataclass(frozen=True)
class Fed:
    """What a model is fed with: files, how pictures become inputs, at most how many rows."""

    inputs: Path
    preprocess: Preprocess | None = None
    limit: int | None = None


def study(
    setup: Setup,
    fed: Fed,
    positions: range | None = None,
    tell: Callable[[str], None] = lambda _: None,
    rows: Sequence[int] = (),
    *,
    poison: bool = True,
) -> list[RowResult]:
    """Build and run every row in a model.

    Args:
        setup: the model and how it is lowered.
        fed: its inputs.
        positions: which places of each row are mutated at once; all of them for ``None``.
        tell: called with a line about each row that is built or run.
        rows: numbers of the rows; all of them if none is given.
        poison: whether memory is filled with a pattern before a launch.

    Raises:
        InputError: model or inputs cannot be used, the model is no classifier, or there is no such
            row.
        BaselineError: the original does not run, or not repeatably.
    """
    known = read_rows().rows
    unknown = [number for number in rows if not 1 <= number <= len(known)]
    if unknown:
        raise InputError(f"there is no row {unknown[0]}; they are numbered 1 to {len(known)}")
    chosen = [row for row in known if not rows or row.number in rows]
    with BuildWorker(setup, BUILD_SECONDS) as worker:
        contest = Contest(
            worker.original,
            _inputs(worker.original.plan, fed).rows,
            setup.device,
            poison=poison,
        )
        built: dict[int, Built] = {}
        for row in chosen:
            built[row.number] = _built(worker, row, positions)
            tell(f"row {row.number}: {built[row.number].sites} sites")
        judged = [_judged(row, built, worker.original.fingerprint) for row in chosen]
        answers: dict[int, list[NDArray[Any]] | None] = {}
        results: dict[int, RowResult] = {}
        for result in judged:
            results[result.row] = result
            program = built[result.row].program
            if program is None or result.status == "equivalent":
                continue
            twin = built[result.duplicate_of].program if result.duplicate_of else None
            # What means the same without being the same bytes is run, to confirm it.
            if twin is not None and twin.fingerprint == program.fingerprint:
                continue
            outcome, answers[result.row] = contest.outcome(program)
            results[result.row] = dataclasses.replace(result, outcome=outcome)
            tell(f"row {result.row}: {outcome.ending}, {outcome.differing} of {outcome.images}")
    return [_confirmed(result, answers) for result in results.values()]


def _inputs(plan: Plan, fed: Fed) -> Inputs:
    buffers = [plan.buffers[index] for index in plan.inputs]
    specs = [InputSpec(buffer.name, buffer.shape, buffer.dtype) for buffer in buffers]
    shapes = [plan.buffers[index].shape for index in plan.outputs]
    require_classes("the top class", None, shapes)
    return load_inputs(fed.inputs, specs, fed.preprocess, None, fed.limit)


def _built(worker: BuildWorker, row: Row, positions: range | None) -> Built:
    try:
        return worker.row(row.number, positions)
    except InputError as error:
        return Built(0, 0, 0, absence=str(error))


def _judged(row: Row, built: dict[int, Built], original: str) -> RowResult:
    """A row's status by what was built, all rows being known."""
    own = built[row.number]
    if own.refusal:
        by_tvm = own.refusal.startswith(("verifier", "compiler"))
        status, reason, of = ("invalid" if by_tvm else "inconclusive"), own.refusal, None
    elif own.program is None:
        status, reason, of = ("equivalent" if own.named else "matches nothing"), own.absence, None
    elif own.program.fingerprint == original:
        status, reason, of = "equivalent", "its program is the original's, byte for byte", None
    else:
        of, reason = _twin(row, built)
        status = "applies" if of is None else "duplicate"
        reason = reason or _extent(row, own)
    return RowResult(
        row.number, row.title, row.category, status, reason, own.sites, own.functions, of
    )


def _extent(row: Row, own: Built) -> str:
    if row.stage == "graph":
        return f"{own.sites} calls"
    return f"{own.sites} places in {own.functions} kernels"


def _twin(row: Row, built: dict[int, Built]) -> tuple[int | None, str]:
    """The row that a row duplicates, and why; ``None`` where it is a mutant of its own."""
    own = built[row.number]
    programs = {number: each.program for number, each in built.items() if each.program is not None}
    twins = [
        n for n, each in programs.items() if each.fingerprint == programs[row.number].fingerprint
    ]
    named = row.same if own.same and row.same is not None and row.same.row in programs else None
    if named is not None:
        of_bytes = f"{_BYTE_FOR_BYTE.format(named.row)}: " if named.row in twins else ""
        return named.row, f"{of_bytes}{named.reason}"
    # The first of equal programs is kept, unless it says itself that it is another row.
    kept = next((n for n in twins if not built[n].same), twins[0])
    return (None, "") if kept == row.number else (kept, _BYTE_FOR_BYTE.format(kept))


def _confirmed(result: RowResult, answers: dict[int, list[NDArray[Any]] | None]) -> RowResult:
    mine, others = answers.get(result.row), answers.get(result.duplicate_of or 0)
    if mine is None or others is None:
        return result
    pairs = zip(mine, others, strict=True)
    equal = all(np.array_equal(one, other, equal_nan=True) for one, other in pairs)
    return dataclasses.replace(result, confirmed=equal)
