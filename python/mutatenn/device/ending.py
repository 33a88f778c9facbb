"""What ended a run, in one sentence."""

from __future__ import annotations

import signal
from typing import Any

import numpy as np

from mutatenn.device import records
from mutatenn.lowering.plan import Plan

_SIDES = {0: "before", 1: "after", 2: "inside"}


def describe_ending(header: np.void, plan: Plan) -> str:
    """Tell fate, place and cause from the results header; empty for a completed run."""
    fate = int(header["fate"])
    if fate == records.FATE_COMPLETED:
        return ""
    where = _place(header, plan)
    message = bytes(header["message"]).decode("utf-8", "replace").strip().replace("\n", " ")
    if fate == records.FATE_CRASH:
        return f"{_signal_name(int(header['signal']))}{_fault(header, plan)}{where}."
    if fate == records.FATE_HANG:
        return f"Time limit passed{where}."
    if fate == records.FATE_MEMORY:
        return f"Memory limit reached{where}: {message or 'an allocation was refused'}."
    if fate == records.FATE_UNSTABLE:
        return f"Another answer in {message}{where}."
    return f"Error{where}: {message}."


def buffer_name(buffer: int, plan: Plan) -> str:
    """A buffer's id and name, or the word for a workspace."""
    if buffer == records.WORKSPACE:
        return "a workspace"
    if 0 <= buffer < len(plan.buffers):
        return f"buffer {buffer} ({plan.buffers[buffer].name})"
    return "no known buffer"


def side_name(side: int) -> Any:
    """``before``, ``after`` or ``inside``."""
    return _SIDES[side]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


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
    if buffer < records.WORKSPACE:
        return f" at address {int(header['address']):#x}, near no buffer"
    name = buffer_name(buffer, plan)
    side = side_name(int(header["side"]))
    if side == "inside":
        return f" inside {name}"
    return f" {int(header['distance'])} bytes {side} {name}"
