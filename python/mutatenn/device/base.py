"""What every device offers, whatever it runs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.evidence import Golden, MutantRun
from mutatenn.lowering.plan import Plan
from mutatenn.lowering.variant import Variant

if TYPE_CHECKING:
    from typing_extensions import Self


class Device(Protocol):
    """Runs one plan on fixed rows of inputs; a context manager, used from one thread."""

    @property
    def name(self) -> str:
        """The device as the user writes it: ``llvm``, ``cuda:0``."""
        ...

    @property
    def plan(self) -> Plan:
        """The plan that it runs."""
        ...

    def golden(self) -> Golden:
        """Run the original kernels; raises ``BaselineError`` when that is not repeatable."""
        ...

    def run(self, kernel: str, library: Path, steps: Sequence[int] | None = None) -> MutantRun:
        """Run with ``kernel`` replaced by the one in ``library``, counted if ``steps`` is given."""
        ...

    def begin(self, kernel: str, library: Path, steps: Sequence[int] | None = None) -> None:
        """Begin what ``run`` does, and return; nothing else may be asked before ``end``."""
        ...

    def run_variant(self, variant: Variant) -> MutantRun:
        """Run another program over the plan's data."""
        ...

    def begin_variant(self, variant: Variant) -> None:
        """Begin what ``run_variant`` does, and return; nothing else may be asked before ``end``."""
        ...

    def begin_all(self, libraries: Mapping[str, Path], steps: Sequence[int] | None = None) -> None:
        """Begin a run with several kernels replaced, each by that in its library."""
        ...

    def fileno(self) -> int:
        """A descriptor that becomes readable when ``end`` will return at once."""
        ...

    def end(self) -> MutantRun:
        """Wait for the run that was begun."""
        ...

    def probe(self, kernel: str, library: Path, flags: int) -> NDArray[np.bool_]:
        """Which of ``flags`` flags an instrumented original kernel raises: bool ``(flags,)``."""
        ...

    def steps(self, kernel: str, library: Path) -> tuple[int, ...]:
        """The most steps that each launch of a counted original takes on any row."""
        ...

    def recheck(self, rows: int | None = None) -> str | None:
        """Run the original kernels anew; a sentence if the golden run's answers have changed."""
        ...

    def sibling(self) -> Self:
        """Another one over the same data and golden run, for runs at the same time."""
        ...

    def close(self) -> None:
        """Give everything back; nothing may be run afterwards."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
