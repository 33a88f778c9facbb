"""Which devices this machine has: each asked, and tried out, in a process of its own."""

from mutatenn.device.survey.entry import Entry
from mutatenn.device.survey.inventory import SECONDS, take_inventory
from mutatenn.device.survey.presence import require_present

__all__ = ["SECONDS", "Entry", "require_present", "take_inventory"]
