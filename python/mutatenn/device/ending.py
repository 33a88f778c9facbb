"""What ended a run, in one sentence."""

from __future__ import annotations

import signal

import numpy as np
from numpy.typing import NDArray

from mutatenn.device import records
from mutatenn.device.evidence import Side
from mutatenn.lowering.plan import Plan
from mutatenn.mutation.trip_count import SUSPICIOUS

_SIDES: dict[int, Side] = {0: "before", 1: "after", 2: "inside"}
SIDES = len(_SIDES)
"""Sides are numbered from 0 to one less."""
_INSIDE = 2


def describe_ending(header: np.void, writes: NDArray[np.void], plan: Plan) -> str:
    """Tell fate, place and cause from the results header; empty for a completed run.

    ``writes`` holds the recorded writes out of bounds (dtype ``records.WRITE``).
    """
    fate = int(header["fate"])
    if fate == records.FATE_COMPLETED:
        return ""
    where = _place(header, plan)
    message = ending_message(header)
    if fate == records.FATE_CRASH:
        trapped = int(header["signal"]) == 0 and len(writes)
        cause = _trapped(writes[0], plan) if trapped else _signal(header, plan)
        return f"{cause}{where}."
    if fate in (records.FATE_HANG, records.FATE_STEPS):
        return f"{_overrun(fate, message)}{where}."
    if fate == records.FATE_MEMORY:
        return f"Memory limit reached{where}: {message or 'an allocation was refused'}."
    if fate == records.FATE_UNSTABLE:
        return f"Another answer in {message}{where}."
    return f"Error{where}: {message}."


def ending_message(header: np.void) -> str:
    """What the run said of its end, on one line."""
    return bytes(header["message"]).decode("utf-8", "replace").strip().replace("\n", " ")


def buffer_name(buffer: int, plan: Plan) -> str:
    """A buffer's id and name, or the word for a workspace."""
    if buffer == records.WORKSPACE:
        return "a workspace"
    if buffer == records.FLAG_BUFFER:
        return "the flags"
    if 0 <= buffer < len(plan.buffers):
        return f"buffer {buffer} ({plan.buffers[buffer].name})"
    return "no known buffer"


def side_name(side: int) -> Side:
    """``before``, ``after`` or ``inside``."""
    return _SIDES[side]


def describe_write(write: np.void, plan: Plan) -> str:
    """Where a write out of bounds went: ``4 bytes after buffer 7 (lv3)``."""
    side = side_name(int(write["side"]))
    place = f"{side} {buffer_name(int(write['buffer']), plan)}"
    return place if side == "inside" else f"{int(write['distance'])} bytes {place}"


def _overrun(fate: int, message: str) -> str:
    if fate == records.FATE_STEPS:
        often = f"more than {SUSPICIOUS} times as often as the original's"
        return f"its loops run {often} (limit {message})"
    return f"Time limit passed{' by the whole run' if message else ''}"


def _trapped(write: np.void, plan: Plan) -> str:
    place = describe_write(write, plan)
    if int(write["side"]) == _INSIDE:
        return f"Overwrote {int(write['count'])} bytes {place}, an input of the kernel"
    return f"Wrote {int(write['count'])} bytes out of bounds, up to {place}"


def _signal(header: np.void, plan: Plan) -> str:
    number = int(header["signal"])
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    return f"{name}{_fault(header, plan)}"


def _place(header: np.void, plan: Plan) -> str:
    row, launch = int(header["row"]), int(header["launch"])
    if not 0 <= launch < len(plan.launches):
        return ", before the first launch"
    pattern = "" if int(header["pattern"]) == 0 else ", second fill pattern"
    return f", row {row}, launch {launch} ({plan.launches[launch].kernel}){pattern}"


def _fault(header: np.void, plan: Plan) -> str:
    if not int(header["address"]):
        return ""
    buffer = int(header["buffer"])
    if buffer == records.UNKNOWN_BUFFER:
        return f" at address {int(header['address']):#x}, near no buffer"
    name = buffer_name(buffer, plan)
    side = side_name(int(header["side"]))
    if side == "inside":
        return f" inside {name}"
    return f" {int(header['distance'])} bytes {side} {name}"
