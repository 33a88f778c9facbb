"""Models lowered with their devices, on which mutants of their graphs and weights run."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.program_worker import ProgramBuilder, plan_hash, read_variant
from mutatenn.device import Golden, LlvmDevice, MutantRun
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.host import resolve_target
from mutatenn.mutation.mutant import Mutant


@dataclasses.dataclass(frozen=True)
class Programs:
    """A model whose golden run is done, ready for mutants."""

    module: Any
    lowered: Lowered
    builder: ProgramBuilder
    device: LlvmDevice
    golden: Golden

    def made(self, mutant: Mutant) -> Compiled:
        """A mutant, lowered and compared with the original."""
        return self.builder.do(Task(mutant.function, mutant))

    def run(self, mutant: Mutant) -> MutantRun:
        """A run of a mutant that is not the original's program."""
        made = self.made(mutant)
        assert made.library is not None, made.reason
        return self.device.run_variant(read_variant(made.library))


@contextlib.contextmanager
def programs(
    module: Any, rows: np.ndarray, scratch: Path, schedule: str = "none", **options: Any
) -> Iterator[Programs]:
    """The model, lowered and run once; ``rows`` have the shape of its input behind their number."""
    target = resolve_target(None, schedule)
    lowered = lower(module, target, schedule, 1)
    builder = ProgramBuilder(module, target, scratch, schedule, 1, plan_hash(lowered.plan))
    libraries = {name: builder.do(Task(name)).library for name in lowered.plan.kernels}
    kernels = {name: path for name, path in libraries.items() if path is not None}
    with LlvmDevice(lowered.plan, lowered.weights, kernels, [rows], **options) as device:
        yield Programs(module, lowered, builder, device, device.golden())
