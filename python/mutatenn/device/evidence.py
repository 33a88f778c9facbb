"""What a run of a plan shows: the golden answers, and where a mutant's run left them."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mutatenn.lowering.plan import Plan

Fate = Literal["completed", "crash", "hang", "memory", "error", "refused"]
"""``refused``: the device cannot run the kernel, whatever it would compute."""
RowState = Literal["not run", "masked", "infected", "propagated"]
Side = Literal["before", "after", "inside"]
Pattern = Literal["A", "B"]


@dataclasses.dataclass(frozen=True)
class Golden:
    """The answers of the original kernels, shown to be repeatable."""

    outputs: list[NDArray[Any]]
    """Per plan output: ``[rows, *shape of the buffer]``."""
    seconds: NDArray[np.float64]
    """``[rows, launches]``: time of each launch."""
    rows_cached: int
    """Leading rows whose activations are kept; those of later rows are computed anew."""


@dataclasses.dataclass(frozen=True)
class OutOfBoundsWrite:
    """Bytes that a kernel changed where it may not write, merged over the launches of a row."""

    buffer: int | None
    """Id of the buffer whose surroundings were hit; ``None`` for a workspace."""
    side: Side
    """``inside``: an input of the kernel was overwritten."""
    distance: int
    """Bytes from the data's edge to the farthest changed byte; 1 is the adjacent byte."""
    count: int
    """Changed bytes, the most in one launch."""
    launch: int
    """Index of the first launch that did it."""
    pattern: Pattern
    """The fill pattern that it was first seen under."""


@dataclasses.dataclass(frozen=True)
class RowEvidence:
    """How far a mutant got on one row of inputs."""

    state: RowState
    first_launch: int
    """Index of the first launch whose output differed; -1 when none did."""
    reads_uninitialised: bool
    """The result depends on what memory held that the kernel never wrote."""
    out_of_bounds: tuple[OutOfBoundsWrite, ...]


@dataclasses.dataclass(frozen=True)
class BufferDifference:
    """How a launch's output differs from golden; where there are two numbers, golden's is first.

    The measures are defined in ``docs/comparators.md``.
    """

    buffer: int
    """Id of the buffer."""
    differing: int
    """Elements whose bits differ."""
    elements: int
    """Elements of the buffer."""
    max_abs: float | int
    """The largest error: an integer for integers; infinite beside a NaN or an infinity."""
    max_abs_index: int | None
    """Where it is, in elements, the lowest on ties; ``None`` where it is 0."""
    max_rel: float
    """The largest error relative to golden."""
    nan: tuple[int, int]
    """Elements that are NaN."""
    infinite: tuple[int, int]
    """Elements that are infinite."""
    ulp: tuple[int, ...]
    """Pairs by their distance in representable values: 0, 1, 2, 3-4, 5-8, ..."""
    checksums: tuple[int, int]
    """64 bits each."""


@dataclasses.dataclass(frozen=True)
class LaunchDifference:
    """The first launch with an output unlike golden, on the first row where there is one.

    Under fill pattern A. Launches of a variant of which there is nothing golden do not count.
    """

    row: int
    launch: int
    """Index of the launch."""
    buffers: tuple[BufferDifference, ...]
    """Its outputs that differ, those that the device can compare; one at least."""


@dataclasses.dataclass(frozen=True)
class MutantRun:
    """A run of the plan with one kernel replaced.

    A run that did not complete leaves the row it died in, and all later ones, incomplete; their
    outputs are golden's.
    """

    fate: Fate
    detail: str
    """One sentence: what ended the run, and where; empty when it completed."""
    rows: list[RowEvidence]
    outputs: list[NDArray[Any]]
    """Per plan output ``[rows, *shape]``; golden's where a row did not propagate. Read-only."""
    outputs_b: list[NDArray[Any]] | None
    """The same under pattern B for rows that read uninitialised memory; ``None`` without any."""
    seconds: float
    """Wall-clock time of the whole run."""
    launches: int
    """Launches of the mutated kernel that were begun, over all rows, those that were repeated under
    pattern B included."""
    proved: bool = False
    """A hang that the counter of steps ended, deterministically; the clock proves nothing."""
    plan: Plan | None = None
    """By which a variant's launches and buffers are numbered; ``None``: by the device's plan."""
    difference: LaunchDifference | None = None
    """Measured on the device; ``None`` where nothing differs or the device measures nothing."""
    stopped_in: int | None = None
    """The row in which a run ended that did not complete; ``None``: completed, or not known."""


@dataclasses.dataclass(frozen=True)
class WholeRun:
    """A run of a plan for whose kernels nobody vouches: any number of them may be mutants."""

    fate: Fate
    detail: str
    """One sentence: what ended the run, and where; empty when it completed."""
    outputs: list[NDArray[Any]] | None
    """Per plan output ``[rows, *shape]``, under pattern A; ``None`` where it did not complete."""
    reads_uninitialised: bool
    """A completed run gives another answer under pattern B."""
    writes_out_of_bounds: bool
    """Some kernel changed bytes where it may not write."""
    seconds: float
    """Wall-clock time of the run under pattern A."""
