"""One run of a variant: a runner of its own over the data of the plan that it is compared with."""

from __future__ import annotations

import contextlib
import dataclasses

import numpy as np

from mutatenn.device.evidence import Golden, MutantRun
from mutatenn.device.failures import require_sound
from mutatenn.device.layout import ALIGNMENT
from mutatenn.device.memory_file import MemoryFile
from mutatenn.device.plan_text import Variation
from mutatenn.device.results_view import ResultsView
from mutatenn.device.runner_process import RunnerProcess
from mutatenn.device.shared_data import SharedData
from mutatenn.device.variant_plan import combined_plan, variant_limits_ms
from mutatenn.lowering.variant import Variant


class VariantRun:
    """A runner that runs a variant; ``close`` ends it."""

    def __init__(
        self,
        variant: Variant,
        data: SharedData,
        results: MemoryFile,
        golden: Golden,
        threads: int,
    ) -> None:
        """Start it, and the run.

        Args:
            variant: the program to run; its libraries must stay until the end.
            data: the plan's, with the golden run in it.
            results: where the run leaves its results.
            golden: the golden run.
            threads: the size of TVM's thread pool.

        Raises:
            MissingToolError: the runner cannot be started, or refuses the variant.
            RunnerDied: it ended while it started.
        """
        plan = data.text
        offsets, end = _offsets(variant, plan.layout.weights_size)
        combined = combined_plan(plan.plan, variant)
        variation = Variation(
            combined,
            tuple(one.mutated for one in variant.launches),
            variant.outputs,
            tuple(offsets.get(buffer.id, 0) for buffer in variant.buffers),
            variant_limits_ms(variant, plan.limits, golden),
        )
        text = np.frombuffer(plan.varied(variation, variant.kernels).encode(), np.uint8)
        self._golden = golden
        self._results = ResultsView(combined, plan.layout, results)
        with contextlib.ExitStack() as stack:
            plan_file = MemoryFile("variant", text.size)
            stack.callback(plan_file.close)
            plan_file.write(0, text)
            weights = data.extended_weights(end)
            stack.callback(weights.close)
            for buffer, offset in offsets.items():
                weights.write(offset, variant.weights[buffer])
            _, inputs, _, cache = data.files
            files = [plan_file, inputs, weights, cache, results]
            self.process = RunnerProcess(files, threads, self._results.pulse)
            stack.callback(self.process.close)
            self.process.send("variant")
            self._stack = stack.pop_all()

    def result(self) -> MutantRun:
        """Wait for the run, and say what it showed.

        Raises:
            RunnerDied: the runner itself failed.
        """
        fate, seconds = self.process.answer()
        require_sound(fate, self._results.message)
        run = self._results.mutant_run(self._golden.outputs, seconds)
        return dataclasses.replace(run, plan=self._results.plan)

    def close(self) -> None:
        """End the runner, with what it is running, and give the memory back."""
        self._stack.close()


def _offsets(variant: Variant, size: int) -> tuple[dict[int, int], int]:
    """Where the variant's own weights lie behind those of the plan, and where they end."""
    offsets = {}
    for buffer in variant.buffers:
        if buffer.role == "weight":
            offsets[buffer.id] = -(-size // ALIGNMENT) * ALIGNMENT
            size = offsets[buffer.id] + buffer.nbytes
    return offsets, size
