"""Runs of mutants as plain JSON, and the answers that are not the golden ones as arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.bundle.contents import typed
from mutatenn.device.evidence import MutantRun, OutOfBoundsWrite, RowEvidence, RowState
from mutatenn.device.portable.launch_difference import difference_from_json

_STATES: dict[str, RowState] = {
    "-": "not run",
    "m": "masked",
    "i": "infected",
    "p": "propagated",
}
_LETTERS = {state: letter for letter, state in _STATES.items()}


def run_to_json(run: MutantRun) -> dict[str, Any]:
    """All of a run but its answers.

    ``states`` has a letter per row (not run ``-``, masked, infected, propagated); a write out of
    bounds stands with its row.
    """
    return {
        "fate": run.fate,
        "detail": run.detail,
        "seconds": run.seconds,
        "launches": run.launches,
        "states": "".join(_LETTERS[row.state] for row in run.rows),
        "first_launches": [row.first_launch for row in run.rows],
        "reads_uninitialised": [i for i, row in enumerate(run.rows) if row.reads_uninitialised],
        "out_of_bounds": [
            {"row": index, **dataclasses.asdict(write)}
            for index, row in enumerate(run.rows)
            for write in row.out_of_bounds
        ],
        "difference": None if run.difference is None else dataclasses.asdict(run.difference),
        "stopped_in": run.stopped_in,
    }


def answers_of(run: MutantRun, golden: Sequence[NDArray[Any]], name: str) -> dict[str, Any]:
    """The rows of a run's outputs that are not those of the golden run, by array name.

    Args:
        run: the run.
        golden: per model output ``[rows, *shape]``.
        name: what the names of the arrays begin with.
    """
    found = _different(run.outputs, golden, f"{name}a")
    if run.outputs_b is not None:
        found |= _different(run.outputs_b, run.outputs, f"{name}b")
    return found


def run_from_json(
    told: Mapping[str, Any],
    golden: Sequence[NDArray[Any]],
    answers: Mapping[str, NDArray[Any]],
    name: str,
) -> MutantRun:
    """The run that ``run_to_json`` and ``answers_of`` wrote.

    Raises:
        KeyError, TypeError, ValueError: they wrote no such thing.
    """
    writes: dict[int, list[OutOfBoundsWrite]] = {}
    for write in told["out_of_bounds"]:
        rest = {key: value for key, value in write.items() if key != "row"}
        writes.setdefault(write["row"], []).append(OutOfBoundsWrite(**rest))
    uninitialised = set(told["reads_uninitialised"])
    rows = [
        RowEvidence(_STATES[letter], first, index in uninitialised, tuple(writes.get(index, ())))
        for index, (letter, first) in enumerate(
            zip(told["states"], told["first_launches"], strict=True)
        )
    ]
    outputs = _replaced(golden, answers, f"{name}a")
    again = f"{name}b-rows" in answers
    difference = told["difference"]
    return MutantRun(
        fate=told["fate"],
        detail=told["detail"],
        rows=rows,
        outputs=outputs,
        outputs_b=_replaced(outputs, answers, f"{name}b") if again else None,
        seconds=told["seconds"],
        launches=told["launches"],
        difference=None if difference is None else difference_from_json(difference),
        stopped_in=told["stopped_in"],
    )


def _different(
    arrays: Sequence[NDArray[Any]], base: Sequence[NDArray[Any]], name: str
) -> dict[str, Any]:
    other = {
        row
        for array, golden in zip(arrays, base, strict=True)
        for row in range(len(golden))
        if array is not golden and array[row].tobytes() != golden[row].tobytes()
    }
    rows = np.array(sorted(other), np.int64)
    return {f"{name}-rows": rows} | {
        f"{name}-{index}": array[rows] for index, array in enumerate(arrays)
    }


def _replaced(
    base: Sequence[NDArray[Any]], answers: Mapping[str, NDArray[Any]], name: str
) -> list[NDArray[Any]]:
    rows = answers.get(f"{name}-rows", np.zeros(0, np.int64))
    if not rows.size:
        return list(base)
    found = []
    for index, golden in enumerate(base):
        array = golden.copy()
        array[rows] = typed(answers[f"{name}-{index}"], golden.dtype.name)
        array.setflags(write=False)
        found.append(array)
    return found
