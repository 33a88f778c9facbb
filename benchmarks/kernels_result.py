"""What the kernels of a model reach of the machine's measured peak, one line each."""

from __future__ import annotations

import dataclasses
import statistics
from typing import Any

from benchmarks.result import Result, machine


@dataclasses.dataclass(frozen=True)
class KernelTimes:
    """One kernel: how often it is launched, its arithmetic, and ms of a launch by round."""

    name: str
    launches: int
    flops: float
    ms: list[float]

    @property
    def total_ms(self) -> float:
        """All its launches in one inference, median."""
        return self.launches * statistics.median(self.ms)

    @property
    def gflops(self) -> float:
        """Median speed, 10⁹ operations per second."""
        return self.flops / statistics.median(self.ms) / 1e6

    @property
    def best_gflops(self) -> float:
        """Speed of the fastest round."""
        return self.flops / min(self.ms) / 1e6


@dataclasses.dataclass(frozen=True)
class KernelsResult(Result):
    """All kernels of a model; ``peaks`` holds the machine's GFLOP/s by round."""

    title: str
    kernels: tuple[KernelTimes, ...]
    peaks: list[float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON, with the kernels' speeds."""
        plain = super().to_dict()
        plain["kernels"] = [
            dataclasses.asdict(each)
            | {"gflops": each.gflops, "share of peak": each.gflops / max(self.peaks)}
            for each in self.kernels
        ]
        return plain

    def table(self) -> str:
        """A line per kernel, the one that takes longest first."""
        total, peak = sum(each.total_ms for each in self.kernels), max(self.peaks)
        lines = [
            f"{self.title} on {machine()}",
            f"peak {peak:.0f} GFLOP/s (median {statistics.median(self.peaks):.0f}); "
            f"all launches {total:.3f} ms, warm caches",
            "",
            f"{'ms':>9} {'share':>6} {'launches':>9} {'ms each':>8} {'GFLOP/s':>8} {'best':>6}"
            f" {'of peak':>8}  kernel",
        ]
        lines += [
            f"{each.total_ms:9.3f} {each.total_ms / total:6.1%} {each.launches:9d}"
            f" {statistics.median(each.ms):8.4f} {each.gflops:8.1f} {each.best_gflops:6.0f}"
            f" {each.gflops / peak:8.1%}  {each.name}"
            for each in self.kernels
        ]
        return "\n".join(lines)


def result_of(title: str, kernels: list[KernelTimes], peaks: list[float]) -> KernelsResult:
    """The kernels sorted by time, and the share of the peak that all of them together reach."""
    order = tuple(sorted(kernels, key=lambda each: -each.total_ms))
    work = sum(each.flops * each.launches for each in order)
    total = sum(each.total_ms for each in order)
    ratios = {f"{each.name}: share of peak": each.gflops / max(peaks) for each in order}
    ratios["all launches: share of peak"] = work / total / 1e6 / max(peaks)
    figures = {"peak GFLOP/s": max(peaks), "ms of all launches": total}
    samples = {each.name: each.ms for each in order}
    return KernelsResult(
        "kernels", "ms per launch", samples, ratios, figures, title, order, list(peaks)
    )
