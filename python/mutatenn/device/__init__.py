"""Devices: things that run a plan, with one kernel replaced or with none."""

from __future__ import annotations

from mutatenn.device.accelerator import AcceleratorDevice
from mutatenn.device.base import Device
from mutatenn.device.evidence import Golden, MutantRun, OutOfBoundsWrite, RowEvidence
from mutatenn.device.failures import ProbeFailed, RunnerDied
from mutatenn.device.limits import Limits
from mutatenn.device.llvm import LlvmDevice, Oob
from mutatenn.device.opening import AnyDevice, open_device

__all__ = [
    "AcceleratorDevice",
    "AnyDevice",
    "Device",
    "Golden",
    "Limits",
    "LlvmDevice",
    "MutantRun",
    "Oob",
    "OutOfBoundsWrite",
    "ProbeFailed",
    "RowEvidence",
    "RunnerDied",
    "open_device",
]
