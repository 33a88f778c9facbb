"""The table of rows: one for each mutant, device and input."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.campaign.answers import Answers
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.verdict import how_far
from mutatenn.mutation.mutant import Mutant
from mutatenn.oracle import Evidence, class_output, predictions
from mutatenn.report.columns import FAILED, columns
from mutatenn.report.failing import failing, failing_by
from mutatenn.report.input_facts import input_labels, input_names
from mutatenn.report.record import Record

Block = Mapping[str, list[Any]]
"""Rows of one mutant on one device: a list of equal length for each column; ``None``: not known."""


def blocks(record: Record) -> Iterator[Block]:
    """The table, a block after another, in the journal's order.

    A mutant that did not run has one row, whose columns of an input are empty.

    Raises:
        InputError: stored evidence or answers are damaged.
    """
    oracles = record.facts["options"]["oracles"]
    names = [column.name for column in columns(oracles)]
    inputs, labels = input_names(record), input_labels(record)
    known = record.mutants()
    path = Folder(record.folder).answers
    with contextlib.ExitStack() as stack:
        answers = None
        if path.exists():
            answers = stack.enter_context(Answers(path, read_only=True))
        for row in record.all_rows:
            of_row = {**_of_mutant(known[row["mutant"]]), **_of_verdict(row)}
            of_input: dict[str, list[Any]] = {}
            if row["reach"]:
                of_input = _of_inputs(row, inputs, labels, oracles)
                of_input |= _classes(row, answers, of_input, len(inputs))
            elif row["verdict"] == "killed":
                # Stopped on its way: which input it was may be known.
                of_input = _of_inputs(row, inputs, labels, oracles)
            length = len(inputs) if of_input else 1
            spread = {name: [value] * length for name, value in of_row.items()}
            empty: list[Any] = [None] * length
            found = {**spread, **of_input}
            yield {name: found.get(name, empty) for name in names}


def _of_mutant(mutant: Mutant) -> dict[str, Any]:
    return {
        "mutant": mutant.id,
        "operator": mutant.operator,
        "stage": mutant.stage,
        "lowering": mutant.lowering,
        "function": mutant.function,
        "layers": ";".join(mutant.layers),
        "replacement": mutant.replacement,
        "order": len(mutant.first_order),
        "semantics_preserving": mutant.semantics_preserving,
    }


def _of_verdict(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("device", "verdict", "kill", "reach", "reason", "seconds_compile", "seconds_run")
    found = {name: row[name] for name in plain}
    found["how_far"] = how_far(row["verdict"], row["reach"], row["evidence"].get("reached"))
    found["marks"] = ";".join(row["marks"])
    return found


def _of_inputs(
    row: Mapping[str, Any],
    inputs: Sequence[str],
    labels: Sequence[int] | None,
    oracles: Sequence[str],
) -> dict[str, list[Any]]:
    failed = failing(row, inputs)
    found: dict[str, list[Any]] = {
        "input": list(range(len(inputs))),
        "input_name": list(inputs),
        "failed": list(failed),
    }
    if labels is not None:
        found["label"] = list(labels)
    for name, flags in failing_by(row, oracles, failed).items():
        found[FAILED + name] = list(flags)
    if row["measures"]:
        measures = Evidence.from_bytes(row["measures"])
        for name in measures.columns:
            found[name] = _worst(name, measures.column(name)).tolist()
    return found


def _worst(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """Of a column with a value for each output, the worst of each input; NaN is worse than all."""
    if values.ndim == 1:
        return values
    return np.asarray(values.min(axis=1) if name == "cosine" else values.max(axis=1))


def _classes(
    row: Mapping[str, Any], answers: Answers | None, known: Mapping[str, Any], count: int
) -> dict[str, list[Any]]:
    """The first classes of both answers, where the campaign keeps answers."""
    golden = None if answers is None else answers.golden(row["device"])
    if answers is None or golden is None or "top1" not in known:
        return {}
    if class_output([one.shape[1:] for one in golden]) is None:
        return {}
    own = answers.of(row["mutant"], row["device"])
    found = {"golden_top1": _first(golden[0], count)}
    if own is not None:
        found["mutant_top1"] = _first(own.outputs[0], count)
    return found


def _first(scores: NDArray[Any], count: int) -> list[Any]:
    """The first class of each row; ``None`` where a row has several images."""
    classes = predictions(scores)
    return classes[:, 0].tolist() if classes.shape == (count, 1) else [None] * count
