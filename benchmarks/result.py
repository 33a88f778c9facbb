"""What a benchmark gives: samples, ratios and figures, with the machine they were taken on."""

from __future__ import annotations

import dataclasses
import os
import platform
import statistics
from pathlib import Path
from typing import Any


@dataclasses.dataclass(frozen=True)
class Result:
    """One run of a benchmark.

    ``samples`` holds the measurements of each case in ``unit``, ``ratios`` what is claimed, and
    ``figures`` single numbers by a name that says their unit.
    """

    name: str
    unit: str
    samples: dict[str, list[float]]
    ratios: dict[str, float]
    figures: dict[str, float]

    def median(self, case: str) -> float:
        """Median of a case's samples, in ``unit``."""
        return statistics.median(self.samples[case])

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        medians = {case: self.median(case) for case in self.samples}
        return dataclasses.asdict(self) | {"medians": medians, "machine": machine()}

    def table(self) -> str:
        """The result in lines for a person."""
        width = max(map(len, [*self.samples, *self.ratios, *self.figures]))
        lines = [f"{self.name} on {machine()}", ""]
        lines += [
            f"{case:<{width}}  {self.median(case):12.2f} {self.unit}" for case in self.samples
        ]
        lines += [f"{name:<{width}}  {ratio:12.3f} times" for name, ratio in self.ratios.items()]
        lines += [f"{name:<{width}}  {figure:12.1f}" for name, figure in self.figures.items()]
        return "\n".join(lines)


def machine() -> str:
    """Processor, number of cores, operating system and Python, on one line."""
    python = f"Python {platform.python_version()}"
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, {platform.system()} {platform.machine()}, {python}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
