"""A campaign's leg over what a bundle's run left: nothing is compiled or run."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mutatenn.campaign.bundle.recording import Recording
from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.leg import Leg
from mutatenn.device import Device, Golden, MutantRun, ProbeFailed
from mutatenn.lowering.plan import Plan
from mutatenn.lowering.variant import Variant

if TYPE_CHECKING:
    from typing_extensions import Self


class RecordedCompiler(Compiler):
    """Answers tasks by what the bundle says of them."""

    def __init__(self, recording: Recording, scratch: Path) -> None:
        """Stand-ins for kernels go into ``scratch``."""
        self._recording = recording
        self._folder = scratch
        self._tasks: list[Task] = []

    def submit(self, task: Task) -> None:
        """Queue a task."""
        self._tasks.append(task)

    def result(self) -> Compiled:
        """Result of the oldest task."""
        return self._recording.compiled(self._tasks.pop(0), self._folder)

    def close(self) -> None:
        """There is nothing to end."""


class RecordedDevice:
    """A device that gives the answers of a bundle's run, in the order in which they were given."""

    def __init__(self, name: str, recording: Recording, group: str) -> None:
        """Give the answers of the mutants of one group."""
        self.name = name
        self.plan: Plan = recording.plan
        self._recording = recording
        self._group = group
        self._taken: dict[str, int] = {}
        self._begun: tuple[str, int] | None = None

    def golden(self) -> Golden:
        """The golden run; raises ``BaselineError`` where there was none."""
        return self._recording.golden(self._group)

    def recheck(self, rows: int | None = None) -> str | None:
        """Nothing has changed: what no check had confirmed was not taken."""
        return None

    def probe(self, kernel: str, library: Path, flags: int) -> NDArray[np.bool_]:
        """What the probe raised; raises ``ProbeFailed`` where it did not run."""
        return np.array(self._recording.flags(library), np.bool_)

    def steps(self, kernel: str, library: Path) -> tuple[int, ...]:
        """Raise ``ProbeFailed``: accelerators count no steps."""
        raise ProbeFailed(f"{self.name} counts no steps of kernel {kernel}")

    def run(self, kernel: str, library: Path, steps: Sequence[int] | None = None) -> MutantRun:
        """The next run of a mutant."""
        self.begin(kernel, library, steps)
        return self.end()

    def begin(self, kernel: str, library: Path, steps: Sequence[int] | None = None) -> None:
        """Begin what ``run`` does."""
        self.begin_all({kernel: library}, steps)

    def begin_all(self, libraries: Mapping[str, Path], steps: Sequence[int] | None = None) -> None:
        """Begin the next run of the mutant whose kernels these are."""
        self._begun = self._recording.owner(dict(libraries)), os.eventfd(1)

    def run_variant(self, variant: Variant) -> MutantRun:
        """Raise: bundles hold no programs."""
        raise NotImplementedError("a bundle holds mutants of kernels alone")

    def begin_variant(self, variant: Variant) -> None:
        """Raise: bundles hold no programs."""
        self.run_variant(variant)

    def fileno(self) -> int:
        """A descriptor that is readable at once."""
        assert self._begun is not None
        return self._begun[1]

    def end(self) -> MutantRun:
        """The run that was begun; raises ``RunnerDied`` where there is none."""
        assert self._begun is not None
        (mutant, descriptor), self._begun = self._begun, None
        os.close(descriptor)
        number = self._taken.get(mutant, 0)
        self._taken[mutant] = number + 1
        return self._recording.run(mutant, number, self.golden())

    def sibling(self) -> Self:
        """Another one over the same answers."""
        return type(self)(self.name, self._recording, self._group)

    def close(self) -> None:
        """There is nothing to give back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclasses.dataclass
class RecordedLeg(Leg):
    """Decides the mutants of a bundle's run by the rules of campaigns."""

    recording: Recording = dataclasses.field(kw_only=True)

    def _compiler(self, scratch: Path) -> Compiler:
        return RecordedCompiler(self.recording, scratch)

    def _opened(self, libraries: dict[str, Path], scratch: Path) -> Device:
        group = self.recording.group(libraries)
        return RecordedDevice(self.device, self.recording, group)
