"""What a whole program answers beside the original: the share of images with another class."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device import AnyDevice, Limits, RunnerDied, open_device
from mutatenn.device.evidence import WholeRun
from mutatenn.errors import BaselineError
from mutatenn.lowering.whole_program import WholeProgram
from mutatenn.oracle import predictions
from mutatenn.oracle.class_metrics import top1_agreement

_CACHE_MB = 1
_LEAST_SECONDS = 10.0
_PATIENCE = 20.0
"""A mutant may take so many times as long as the original."""
_LONGER = 10
"""One that takes longer is run once more, with a limit so many times as long."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a mutant's run ended, and its answers beside the original's.

    ``ending`` is ``answered``, ``crash``, ``hang``, ``memory`` or ``error``, ``shape`` where an
    output has another shape or type, which is not run, or ``lost`` where the run itself failed.
    The counts are of images and only there when it answered: ``differing`` ones have another top
    class, or a NaN among the scores, which ``nan`` counts; ``classes`` are the classes that the
    mutant gives, of which a stuck model has one; ``top1`` is the class given to each image, -1
    where a score is NaN.
    """

    ending: str
    detail: str = ""
    images: int = 0
    differing: int = 0
    nan: int = 0
    classes: int = 0
    top1: tuple[int, ...] = ()
    reads_uninitialised: bool = False
    writes_out_of_bounds: bool = False
    seconds: float = 0.0

    @property
    def share(self) -> float | None:
        """Share of images with another top class; ``None`` without answers."""
        return self.differing / self.images if self.ending == "answered" else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**dataclasses.asdict(self), "share": self.share}


class Contest:
    """Runs programs on the rows that the original was run on."""

    def __init__(
        self,
        original: WholeProgram,
        rows: Sequence[NDArray[Any]],
        device: str = "llvm",
        *,
        poison: bool = True,
    ) -> None:
        """Run the original.

        Args:
            original: the program without mutants.
            rows: one array per input, rows first.
            device: the name of what runs it.
            poison: whether memory is filled with a pattern before a launch.

        Raises:
            BaselineError: it does not run, or not repeatably.
        """
        self._rows = rows
        self._name = device
        self._poison = poison
        self._plan = original.plan
        with self._device(original, Limits()) as opened:
            golden = opened.golden()
        self.golden = golden.outputs
        seconds = max(_LEAST_SECONDS, _PATIENCE * float(golden.seconds.sum()))
        self._limits = Limits(golden_ms=int(1000 * seconds))

    def _device(self, program: WholeProgram, limits: Limits) -> AnyDevice:
        return open_device(
            self._name,
            program.plan,
            program.weights,
            program.libraries,
            self._rows,
            cache_mb=_CACHE_MB,
            threads=1,
            limits=limits,
            oob="contain",
            poison=self._poison,
        )

    def outcome(self, program: WholeProgram) -> tuple[Outcome, list[NDArray[Any]] | None]:
        """A mutant's outcome, and its outputs where it answered."""
        change = self._changed_shape(program)
        if change:
            return Outcome("shape", change), None
        try:
            run = self._whole_run(program, self._limits)
            if run.fate == "hang":
                # A clock alone proves no hang: the machine may have been busy.
                longer = dataclasses.replace(
                    self._limits, golden_ms=_LONGER * self._limits.golden_ms
                )
                run = self._whole_run(program, longer)
        except RunnerDied as error:
            return Outcome("lost", str(error)), None
        except BaselineError as error:
            # What is whole to a device is an original to it: it cannot run this one.
            return Outcome("refused", str(error)), None
        if run.outputs is None:
            return Outcome(run.fate, run.detail, **_marks(run)), None
        return self._compared(run), run.outputs

    def _whole_run(self, program: WholeProgram, limits: Limits) -> WholeRun:
        with self._device(program, limits) as device:
            return device.whole_run()

    def _compared(self, run: WholeRun) -> Outcome:
        assert run.outputs is not None
        same = top1_agreement(self.golden[0], run.outputs[0])
        given = predictions(run.outputs[0])
        with_nan = np.isnan(run.outputs[0]).reshape(len(same), -1).any(axis=1)
        return Outcome(
            "answered",
            images=len(same),
            differing=int((~same).sum()),
            nan=int(with_nan.sum()),
            classes=len(np.unique(given)),
            top1=tuple(np.where(with_nan, -1, given.reshape(len(same), -1)[:, 0]).tolist()),
            **_marks(run),
        )

    def _changed_shape(self, program: WholeProgram) -> str:
        before = [self._plan.buffers[i] for i in self._plan.outputs]
        after = [program.plan.buffers[i] for i in program.plan.outputs]
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            if (old.shape, old.dtype) != (new.shape, new.dtype):
                return (
                    f"output {index} is {new.dtype}{list(new.shape)}, "
                    f"but was {old.dtype}{list(old.shape)}"
                )
        return ""


def _marks(run: WholeRun) -> dict[str, Any]:
    return {
        "reads_uninitialised": run.reads_uninitialised,
        "writes_out_of_bounds": run.writes_out_of_bounds,
        "seconds": run.seconds,
    }
