"""What a worker told, as devices give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.evidence import Fate, Golden, MutantRun, Pattern, RowEvidence
from mutatenn.device.failures import RunnerDied
from mutatenn.device.portable.client import Setup, Unfit
from mutatenn.device.portable.ending import describe_write
from mutatenn.device.portable.golden_data import ALIGNMENT, model_outputs
from mutatenn.device.portable.outcome import Outcome, WorkerLost
from mutatenn.errors import BaselineError, MissingToolError, MutatennError
from mutatenn.lowering.plan import Plan, np_dtype

_FATES: dict[str, Fate] = {
    "completed": "completed",
    "crash": "crash",
    "failed": "crash",
    "hang": "hang",
    "memory": "memory",
    "refused": "refused",
}
_UNSEEN = RowEvidence("not run", -1, False, ())


def fate_of(outcome: Outcome) -> Fate:
    """How a run ended.

    Raises:
        RunnerDied: in a way that no run of a kernel ends.
    """
    if outcome.fate not in _FATES:
        raise RunnerDied(f"the worker answered {outcome.fate}: {outcome.detail}")
    return _FATES[outcome.fate]


def error_of(error: Unfit | WorkerLost) -> MutatennError:
    """The error that says why a worker gives no answer."""
    if isinstance(error, WorkerLost):
        return RunnerDied(str(error))
    if error.outcome.fate == "missing":
        return MissingToolError(error.outcome.detail)
    if error.outcome.fate == "unstable":
        detail = error.outcome.detail
        return BaselineError(f"The original kernels give another answer in a new worker: {detail}")
    return BaselineError(f"The original kernels do not run: {error.outcome.detail}")


def baseline_fault(outcome: Outcome, plan: Plan, unstable: str) -> str:
    """What is wrong with a run of the original kernels; empty: nothing.

    Args:
        outcome: of the run.
        plan: the plan.
        unstable: what another answer means.
    """
    if outcome.fate == "unstable":
        return f"{unstable}: {outcome.detail}"
    if outcome.fate != "completed":
        return f"The original kernels do not run: {outcome.detail}"
    for row, evidence in sorted(outcome.rows.items()):
        for write in evidence.out_of_bounds:
            launch = plan.launches[write.launch]
            return (
                f"The original kernel {launch.kernel} writes out of bounds: "
                f"{describe_write(write, plan)}, row {row}, launch {launch.index}."
            )
    return ""


def golden_of(
    outcome: Outcome,
    setup: Setup,
    rows: Sequence[NDArray[Any]],
    weights: Mapping[int, NDArray[Any]],
) -> Golden:
    """The golden run that a worker has told; an output may be an input or a weight of the plan."""
    plan, count = setup.plan, setup.rows
    places = {buffer: index for index, buffer in enumerate(model_outputs(plan))}
    outputs = []
    for buffer_id in plan.outputs:
        buffer = plan.buffers[buffer_id]
        shape = (count, *buffer.shape)
        if buffer.role == "input":
            array = rows[plan.inputs.index(buffer_id)].copy()
        elif buffer.role == "weight":
            array = np.broadcast_to(weights[buffer_id], shape).copy()
        else:
            told = [outcome.outputs[row, "A"][places[buffer_id]] for row in range(count)]
            array = np.concatenate(told).view(np_dtype(buffer.dtype)).reshape(shape)
        array.setflags(write=False)
        outputs.append(array)
    seconds = np.array([outcome.launch_seconds[row] for row in range(count)], np.float64)
    return Golden(outputs, seconds.reshape(count, len(plan.launches)), _rows_cached(setup))


def mutant_run(
    outcome: Outcome,
    golden: Sequence[NDArray[Any]],
    setup: Setup,
    compared_by: Plan | None = None,
) -> MutantRun:
    """A run of a mutant or, with the plan that it is compared by, of a variant.

    Raises:
        RunnerDied: it ended in a way that no run of a kernel ends.
    """
    rows = [outcome.rows.get(row, _UNSEEN) for row in range(setup.rows)]
    changed = [row for row, one in enumerate(rows) if one.state == "propagated"]
    again = [row for row, pattern in sorted(outcome.outputs) if pattern == "B"]
    outputs = _replaced(outcome, setup.plan, golden, changed, "A")
    return MutantRun(
        fate=fate_of(outcome),
        detail=outcome.detail,
        rows=rows,
        outputs=outputs,
        outputs_b=_replaced(outcome, setup.plan, outputs, again, "B") if again else None,
        seconds=outcome.seconds,
        launches=outcome.launches,
        plan=compared_by,
        difference=outcome.difference,
        stopped_in=_stopped_in(outcome, setup),
    )


def _stopped_in(outcome: Outcome, setup: Setup) -> int | None:
    """The row that a mutant ended in; before its first launch, no input had to do with it."""
    if fate_of(outcome) == "completed" or not outcome.launches:
        return None
    return outcome.rows_done if outcome.rows_done < setup.rows else None


def _replaced(
    outcome: Outcome,
    plan: Plan,
    base: Sequence[NDArray[Any]],
    rows: Sequence[int],
    pattern: Pattern,
) -> list[NDArray[Any]]:
    """``base`` with the given rows replaced by what was told of them under a pattern."""
    told = [row for row in rows if (row, pattern) in outcome.outputs]
    if not told:
        return list(base)
    places = {buffer: index for index, buffer in enumerate(model_outputs(plan))}
    found = []
    for buffer_id, array in zip(plan.outputs, base, strict=True):
        if buffer_id not in places:
            found.append(array)
            continue
        copy = array.copy()
        for row in told:
            left = outcome.outputs[row, pattern][places[buffer_id]]
            copy[row] = left.view(array.dtype).reshape(array.shape[1:])
        copy.setflags(write=False)
        found.append(copy)
    return found


def _rows_cached(setup: Setup) -> int:
    """Rows whose inputs and activations a worker keeps on the device."""
    kept = [one.nbytes for one in setup.plan.buffers if one.role in ("input", "activation")]
    stride = sum(-(-nbytes // ALIGNMENT) * ALIGNMENT for nbytes in kept)
    return min(setup.rows, (int(setup.options["cache_mb"]) << 20) // stride)
