"""The one interface to schedules: what makes a kernel fast on a target, whatever the target is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Protocol

from tvm import s_tir

from mutatenn.errors import InputError


@dataclasses.dataclass(frozen=True)
class Scheduled:
    """A scheduled kernel, the steps that made it, and what rules said that did not apply.

    ``notes`` holds a sentence per block and rule; ``trace`` can be replayed on a mutant.
    """

    func: Any
    trace: s_tir.schedule.Trace
    notes: tuple[str, ...]


class Scheduler(Protocol):
    """Schedules kernels for one target; the same kernel always gets the same schedule."""

    lanes: int
    """Float32 elements that a vector holds: what the graph is prepared for; 1 for no vectors."""

    def schedule(self, func: Any) -> Scheduled:
        """Schedule a PrimFunc at stage tensor; it is not changed."""
        ...

    @property
    def plainer(self) -> tuple[Scheduler, ...]:
        """Others for kernels that this one does not fit; they change less, the last one least."""
        ...

    def bare(self, func: Any) -> Any:
        """A PrimFunc as it runs without a schedule; this always works."""
        ...


_MAKERS: dict[str, Callable[[Any, int], Scheduler]] = {}


def schedules(kind: str) -> Callable[[Callable[[Any, int], Scheduler]], Any]:
    """Register what makes the scheduler of a kind of target, from the target and the threads."""

    def register(maker: Callable[[Any, int], Scheduler]) -> Any:
        _MAKERS[kind] = maker
        return maker

    return register


def scheduler_for(target: Any, threads: int) -> Scheduler:
    """The scheduler of a target.

    Args:
        target: a ``tvm.target.Target``.
        threads: how many threads share a kernel's work.

    Raises:
        InputError: there are no schedules for targets of this kind.
    """
    kind = str(target.kind.name)
    if kind not in _MAKERS:
        raise InputError(
            f"there are no schedules for targets of kind {kind} (only: "
            f"{', '.join(sorted(_MAKERS))}); give --schedule none"
        )
    return _MAKERS[kind](target, threads)
