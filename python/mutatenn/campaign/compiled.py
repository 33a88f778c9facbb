"""What becomes of a kernel in the compile worker: a library, or who refuses it and why."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from mutatenn.mutation.bounds import OutOfBounds
from mutatenn.mutation.mutant import Mutant

TRIP_COUNT = "trip count"
"""Who rejects a mutant whose static loop nest says that it never ends."""
PROOF = "analyzer"
"""Who rejects a mutant that is proved to compute what the original does."""
LOWERED = "lowered code"
"""Who rejects a mutant that TVM's remaining passes turn into the original's code."""
TWIN = "lowered code of another"
"""Who rejects a mutant that TVM's remaining passes turn into the code of an earlier mutant."""
OPERATOR = "operator"
"""Who rejects a mutant that changes nothing: a defect of the operator."""
SHAPE = "shape"
"""Who rejects a mutant that takes or gives other shapes or element types than the original."""
LOWERING = "lowering"
"""Who rejects a mutated graph that cannot be lowered."""
DEVICE = "device"
"""Who rejects a mutant that is a program, but none that the device can compare with the original.
Nothing is said of the mutant: it is inconclusive."""


@dataclasses.dataclass(frozen=True)
class Task:
    """Compile ``function`` of the module, with ``mutant`` in it or flagging ``places`` if given.

    Of a mutant of stage graph or weight, all of the program is made that is not the original's.
    ``places`` are paths, as ``Mutant.path``; the kernel then takes a buffer of flags as well.
    ``together`` says that it is one kernel of a mutant of higher order. A mutant of first order
    that is ``unlinked`` is not going to run here: only its code is asked for.
    """

    function: str
    mutant: Mutant | None = None
    places: tuple[str, ...] = ()
    together: bool = False
    unlinked: bool = False


@dataclasses.dataclass(frozen=True)
class Compiled:
    """What became of a task: a library, or the reason why there is none.

    ``rejected_by`` is who refused: ``verifier``, ``compiler``, ``clock`` for a compilation that
    was stopped, ``TRIP_COUNT`` for a kernel that never ends, ``SHAPE`` for one with another
    signature, ``LOWERED`` or ``TWIN`` for code that is there already, or ``OPERATOR`` and
    ``worker`` for defects of mutatenn; ``diff`` is TVMScript, ``artifact`` the SHA-256 of the
    object code, ``lowered`` the hash of what it was generated from (``LoweredMutant.hash``).
    ``steps`` are those of a kernel where its loop nest and the original's say; else ``counted`` is
    a library that counts them, or ``uncounted`` the reason why there is none.
    A mutant that could not take the original's schedule has in ``rescheduled`` what was done and
    why, and in ``original`` the original kernel compiled in that same way.
    One of higher order has in ``together`` each kernel that it replaces, by name; ``library`` is
    then the first one's, and ``artifact`` tells all.
    """

    library: Path | None
    artifact: str
    diff: str
    seconds: float
    rejected_by: str = ""
    reason: str = ""
    steps: int | None = None
    counted: Path | None = None
    uncounted: str = ""
    out_of_bounds: tuple[OutOfBounds, ...] = ()
    """Accesses that the mutation adds, proved to be outside their buffers."""
    rescheduled: str = ""
    original: Compiled | None = None
    lowered: str = ""
    variant: bool = False
    """Whether ``library`` holds a variant, as ``program_worker`` writes it, and no kernel."""
    program: dict[str, Any] = dataclasses.field(default_factory=dict)
    """Of a mutated graph, for the evidence: how many launches are ``mutated``, and for which
    ``kernels`` of the original they stand."""
    effort: dict[str, float] = dataclasses.field(default_factory=dict)
    """Seconds that a mutated graph took, by what they were spent on; beside them, as ``kernels``,
    how many were compiled."""
    together: tuple[tuple[str, Compiled], ...] = ()

    def kernels(self, mutant: Mutant) -> dict[str, Compiled]:
        """What stands in for each kernel of the plan that the mutant replaces, by name."""
        return dict(self.together) or {mutant.function: self}

    def originals(self, mutant: Mutant) -> dict[str, Compiled]:
        """The originals that it is compared with where those are not the campaign's, by name."""
        kernels = self.kernels(mutant)
        return {name: one.original for name, one in kernels.items() if one.original is not None}

    def remove_originals(self, mutant: Mutant) -> None:
        """Remove the libraries of ``originals``; nothing may run them afterwards."""
        for original in self.originals(mutant).values():
            original.remove_libraries()

    def remove_libraries(self) -> None:
        """Remove what was built of the mutant; nothing may run it afterwards."""
        for _, one in self.together:
            one.remove_libraries()
        if self.together:
            return
        for library in (self.library, self.counted):
            if library is not None:
                library.unlink()
