"""Devices: things that run a plan, with one kernel replaced or with none."""

from __future__ import annotations

from mutatenn.device.base import Device
from mutatenn.device.evidence import Golden, MutantRun, OutOfBoundsWrite, RowEvidence
from mutatenn.device.limits import Limits
from mutatenn.device.llvm import LlvmDevice
from mutatenn.device.runner_process import RunnerDied

__all__ = [
    "Device",
    "Golden",
    "Limits",
    "LlvmDevice",
    "MutantRun",
    "OutOfBoundsWrite",
    "RowEvidence",
    "RunnerDied",
]
