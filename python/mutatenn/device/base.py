"""What every device offers, whatever it runs on."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from mutatenn.device.evidence import Golden, MutantRun
from mutatenn.lowering.plan import Plan

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

    def run(self, kernel: str, library: Path) -> MutantRun:
        """Run with ``kernel`` replaced by the one in ``library``."""
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
