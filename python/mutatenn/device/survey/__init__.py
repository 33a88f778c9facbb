"""Which devices this machine has: each asked, and tried out, in a process of its own."""

from mutatenn.device.survey.entry import Entry
from mutatenn.device.survey.inventory import SECONDS, take_inventory

__all__ = ["SECONDS", "Entry", "take_inventory"]
