"""How many steps the original's launches take, which bounds those of counted mutants."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from mutatenn.campaign.compiled import Compiled
from mutatenn.device import Device, ProbeFailed, RunnerDied


@dataclasses.dataclass(frozen=True)
class OriginalSteps:
    """Per kernel, what each of its launches takes; the most on any row.

    ``unknown`` maps a kernel that could not be counted to the reason: only the clock ends its
    mutants.
    """

    known: Mapping[str, tuple[int, ...]]
    unknown: Mapping[str, str]

    def of(self, kernel: str) -> tuple[int, ...] | None:
        """Steps of each launch of a kernel, in the plan's order; ``None`` if not known."""
        return self.known.get(kernel)


def count_originals(device: Device, originals: Mapping[str, Compiled]) -> OriginalSteps:
    """Run the counted build of each kernel that has one; the others need no run.

    Args:
        device: runs them; its golden run is done.
        originals: the original kernels, compiled; their counted libraries are removed.
    """
    known: dict[str, tuple[int, ...]] = {}
    unknown: dict[str, str] = {}
    for kernel, compiled in originals.items():
        if compiled.steps is not None:
            launches = [launch for launch in device.plan.launches if launch.kernel == kernel]
            known[kernel] = (compiled.steps,) * len(launches)
        elif compiled.counted is None:
            if compiled.uncounted:
                unknown[kernel] = compiled.uncounted
        else:
            try:
                known[kernel] = device.steps(kernel, compiled.counted)
            except (ProbeFailed, RunnerDied) as error:
                unknown[kernel] = str(error)
            finally:
                compiled.counted.unlink()
    return OriginalSteps(known, unknown)
