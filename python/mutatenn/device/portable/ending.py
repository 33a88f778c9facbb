"""What ended a run, and where, in one sentence."""

from __future__ import annotations

import signal

from mutatenn.device.evidence import OutOfBoundsWrite, Pattern
from mutatenn.lowering.plan import Plan


def place_in(plan: Plan, row: int, launch: int, pattern: Pattern) -> str:
    """Where a run was, as the end of a sentence: ``, row 0, launch 3 (conv2d)``."""
    if not 0 <= launch < len(plan.launches):
        return ", before the first launch"
    second = "" if pattern == "A" else ", second fill pattern"
    return f", row {row}, launch {launch} ({plan.launches[launch].kernel}){second}"


def buffer_name(buffer: int | None, plan: Plan) -> str:
    """A buffer's id and name, or the word for a workspace."""
    if buffer is None:
        return "a workspace"
    return f"buffer {buffer} ({plan.buffers[buffer].name})"


def describe_write(write: OutOfBoundsWrite, plan: Plan) -> str:
    """Where a write out of bounds went: ``4 bytes after buffer 7 (lv3)``."""
    place = f"{write.side} {buffer_name(write.buffer, plan)}"
    return place if write.side == "inside" else f"{write.distance} bytes {place}"


def describe_trap(write: OutOfBoundsWrite, plan: Plan) -> str:
    """What a write did that ended its run; without the full stop."""
    place = describe_write(write, plan)
    if write.side == "inside":
        return f"Overwrote {write.count} bytes {place}, an input of the kernel"
    return f"Wrote {write.count} bytes out of bounds, up to {place}"


def describe_exit(status: int) -> str:
    """How a process ended, by what ``Popen.returncode`` says."""
    if status >= 0:
        return f"The process ended with status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
