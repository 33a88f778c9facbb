"""What a request to a worker led to."""

from __future__ import annotations

import dataclasses
from typing import Literal, get_args

from mutatenn.device.evidence import LaunchDifference, Pattern, RowEvidence
from mutatenn.device.portable.channel import Bytes, Message
from mutatenn.device.portable.launch_difference import difference_from_json
from mutatenn.device.portable.row_record import evidence_from_json

End = Literal[
    "completed", "crash", "failed", "hang", "memory", "refused", "unstable", "missing", "fault"
]
"""``crash``: the process died, or a write was trapped; ``failed``: the device reported an error;
``unstable``: the original kernels gave another answer; ``missing``: there is no such device;
``fault``: the worker's own work failed."""


class WorkerLost(Exception):
    """A worker was ended from outside, or could not do its own work: no fault of any kernel."""


@dataclasses.dataclass
class Outcome:
    """How a request ended, and what was told of rows until then."""

    fate: End = "completed"
    detail: str = ""
    died: bool = False
    """The process ended by itself."""
    last: bool = False
    """The worker must not be used again."""
    rows: dict[int, RowEvidence] = dataclasses.field(default_factory=dict)
    outputs: dict[tuple[int, Pattern], list[Bytes]] = dataclasses.field(default_factory=dict)
    """By row and pattern: the bytes of each model output."""
    launch_seconds: dict[int, list[float]] = dataclasses.field(default_factory=dict)
    """By row: of each launch."""
    difference: LaunchDifference | None = None
    """Of the first launch that differed, once it is known."""
    flags: Bytes | None = None
    seconds: float = 0.0
    launches: int = 0
    rows_done: int = 0
    """Rows that were run to their end, from the first."""

    def hear(self, message: Message, arrays: list[Bytes]) -> bool:
        """Take what a worker said; whether it was the last of this request.

        Raises:
            KeyError, TypeError, ValueError: no worker says such a thing.
        """
        if message["say"] == "done":
            if message["fate"] not in get_args(End):
                raise ValueError(message["fate"])
            self.fate, self.detail = message["fate"], str(message["detail"])
            self.last = bool(message.get("last", False))
            self.flags = arrays[0] if arrays else None
            return True
        row = int(message["row"])
        self.rows[row] = evidence_from_json(message["evidence"])
        if message["difference"] is not None:
            self.difference = difference_from_json(message["difference"])
        if message["say"] == "row":
            self.rows_done += 1
            patterns: list[Pattern] = message["patterns"]
            share = len(arrays) // max(len(patterns), 1)
            for index, pattern in enumerate(patterns):
                self.outputs[row, pattern] = arrays[index * share : (index + 1) * share]
            if message["seconds"] is not None:
                self.launch_seconds[row] = [float(one) for one in message["seconds"]]
        return False
