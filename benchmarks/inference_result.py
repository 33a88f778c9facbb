"""What inference gave, model by model: times, ratios, and how well the engines agree."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks.contest import Blocks
from benchmarks.result import Result, machine

OURS, DEFAULT, REFERENCE = "ours", "TVM's default", "ONNX Runtime"


@dataclasses.dataclass(frozen=True)
class Agreement:
    """How close ours comes to the others.

    Values are compared in the last output: the logits, where a model of random weights ends in a
    softmax, which multiplies rounding by their size. Classes are compared in all outputs.
    ``difference`` is the largest one to the unscheduled model over ``rows`` rows, relative to the
    largest output; ``reference_difference`` is that to ONNX Runtime over ``class_rows`` rows, and
    ``same_class`` counts those of them with its argmax.
    """

    difference: float
    rows: int
    reference_difference: float
    same_class: int
    class_rows: int


@dataclasses.dataclass(frozen=True)
class ModelTimes:
    """One model: ms of each run by engine and block, agreement, and what happened on the way.

    ``facts`` holds what each engine tells of itself; ``restarts`` counts processes of ONNX Runtime
    that were replaced since they had gone slow, the one it may have begun with included.
    """

    name: str
    blocks: Blocks
    agreement: Agreement
    restarts: int
    facts: dict[str, dict[str, Any]]

    def medians(self, engine: str) -> list[float]:
        """The median of each block, ms."""
        return [statistics.median(block) for block in self.blocks[engine]]

    def median(self, engine: str) -> float:
        """The median of the blocks' medians, ms."""
        return statistics.median(self.medians(engine))

    def best(self, engine: str) -> float:
        """The fastest run, ms."""
        return min(map(min, self.blocks[engine]))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, single runs left out."""
        engines = {
            engine: {
                "median ms": self.median(engine),
                "minimum ms": self.best(engine),
                "runs": sum(map(len, self.blocks[engine])),
            }
            | self.facts[engine]
            for engine in self.blocks
        }
        return {
            "name": self.name,
            "engines": engines,
            "agreement": dataclasses.asdict(self.agreement),
            "restarts": self.restarts,
        }


@dataclasses.dataclass(frozen=True)
class InferenceResult(Result):
    """The result of all models."""

    models: tuple[ModelTimes, ...]
    threads: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        plain = super().to_dict()
        plain["models"] = [model.to_dict() for model in self.models]
        return plain

    def table(self) -> str:
        """A line per model: medians, ratios of medians and of minima, agreement."""
        head = (
            f"{'':18}{'ours':>9}{'TVM':>11}{'ORT':>9}  {'ours/ORT':>8} {'(min)':>6}"
            f" {'TVM/ours':>8}  {'to TVM':>8} {'to ORT':>8}  {'argmax':>9}  ORT restarted"
        )
        lines = [f"inference on {machine()}", self.settings(), "", head]
        for model in self.models:
            ours, default, reference = map(model.median, (OURS, DEFAULT, REFERENCE))
            seen = model.agreement
            lines.append(
                f"{model.name:18}{ours:9.3f}{default:11.3f}{reference:9.3f}"
                f"  {ours / reference:8.2f} {model.best(OURS) / model.best(REFERENCE):6.2f}"
                f" {default / ours:8.1f}  {seen.difference:8.1e} {seen.reference_difference:8.1e}"
                f"  {seen.same_class:4d}/{seen.class_rows:<4d}  {model.restarts}"
            )
        lines += [
            "",
            "ms per image, medians of blocks; differences relative to the largest output;",
            "ORT restarted: since its process had gone slow; geometric means:",
        ]
        lines += [
            f"{name.removeprefix(MEAN):40}{ratio:8.2f}"
            for name, ratio in self.ratios.items()
            if name.startswith(MEAN)
        ]
        return "\n".join(lines)

    def settings(self) -> str:
        """Threads, target, features and versions, in a line."""
        facts = self.models[0].facts
        ours, reference = facts[OURS], facts[REFERENCE]
        return (
            f"{self.threads} threads each, {ours['target']}, "
            f"TVM {ours['version']}, ONNX Runtime {reference['version']}"
        )


MEAN = "geometric mean: "


def result_of(models: Sequence[ModelTimes], threads: int) -> InferenceResult:
    """Samples, ratios and means of all models."""
    samples = {
        f"{model.name}: {engine}": model.medians(engine)
        for model in models
        for engine in model.blocks
    }
    ratios: dict[str, float] = {}
    for label, above, below in (
        (f"{OURS} ÷ {REFERENCE}", OURS, REFERENCE),
        (f"{DEFAULT} ÷ {OURS}", DEFAULT, OURS),
    ):
        medians = {each.name: each.median(above) / each.median(below) for each in models}
        minima = {each.name: each.best(above) / each.best(below) for each in models}
        ratios |= {f"{name}: {label}": ratio for name, ratio in medians.items()}
        ratios |= {f"{name}: {label}, minima": ratio for name, ratio in minima.items()}
        ratios[f"{MEAN}{label}"] = statistics.geometric_mean(medians.values())
        ratios[f"{MEAN}{label}, minima"] = statistics.geometric_mean(minima.values())
    figures: dict[str, float] = {"threads": threads}
    for model in models:
        figures[f"{model.name}: largest relative difference"] = model.agreement.difference
        figures[f"{model.name}: largest relative difference to {REFERENCE}"] = (
            model.agreement.reference_difference
        )
        share = model.agreement.same_class / model.agreement.class_rows
        figures[f"{model.name}: share of {REFERENCE}'s argmax"] = share
    return InferenceResult(
        "inference", "ms per image", samples, ratios, figures, tuple(models), threads
    )
