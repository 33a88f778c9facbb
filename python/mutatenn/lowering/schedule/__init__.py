"""Schedules: how a kernel's loops run on a machine; rules by the structure of a kernel."""

from mutatenn.lowering.schedule.cpu.kernel import CpuScheduler
from mutatenn.lowering.schedule.gpu.kernel import GpuScheduler
from mutatenn.lowering.schedule.scheduler import Scheduled, Scheduler, scheduler_for

__all__ = ["CpuScheduler", "GpuScheduler", "Scheduled", "Scheduler", "scheduler_for"]
