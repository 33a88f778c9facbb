"""What a run showed on one row, as it is told to the other process."""

from __future__ import annotations

import dataclasses
from typing import Any, get_args

from mutatenn.device.evidence import (
    LaunchDifference,
    OutOfBoundsWrite,
    Pattern,
    RowEvidence,
    RowState,
    Side,
)
from mutatenn.device.portable.channel import Message
from mutatenn.device.portable.inspection import Damage

_ORDER: tuple[RowState, ...] = get_args(RowState)


@dataclasses.dataclass
class RowRecord:
    """Evidence of one row in the making; writes are merged by buffer and side."""

    row: int
    state: RowState = "not run"
    first_launch: int = -1
    reads_uninitialised: bool = False
    writes: dict[tuple[int | None, Side], OutOfBoundsWrite] = dataclasses.field(
        default_factory=dict
    )
    difference: LaunchDifference | None = None
    """Of the first launch of the whole run that differed, if this is its row."""

    def reach(self, state: RowState) -> None:
        """The row is in ``state`` if that is farther than where it was."""
        self.state = max(self.state, state, key=_ORDER.index)

    def infect(self, launch: int) -> None:
        """A launch differed."""
        self.reach("infected")
        if self.first_launch < 0:
            self.first_launch = launch

    def write(
        self, buffer: int | None, side: Side, damage: Damage, launch: int, pattern: Pattern
    ) -> None:
        """Bytes were changed where the kernel may not write."""
        old = self.writes.get((buffer, side))
        if old is None:
            new = OutOfBoundsWrite(buffer, side, damage.distance, damage.count, launch, pattern)
        else:
            farthest = max(old.distance, damage.distance)
            most = max(old.count, damage.count)
            new = dataclasses.replace(old, distance=farthest, count=most)
        self.writes[buffer, side] = new

    def evidence(self) -> RowEvidence:
        """What was seen until now."""
        return RowEvidence(
            self.state, self.first_launch, self.reads_uninitialised, tuple(self.writes.values())
        )

    def message(self) -> Message:
        """The same as JSON takes it."""
        difference = None if self.difference is None else dataclasses.asdict(self.difference)
        evidence = dataclasses.asdict(self.evidence())
        return {"row": self.row, "evidence": evidence, "difference": difference}


def evidence_from_json(data: dict[str, Any]) -> RowEvidence:
    """The evidence in ``RowRecord.message``.

    Raises:
        KeyError, TypeError: it is something else.
    """
    writes = tuple(OutOfBoundsWrite(**write) for write in data["out_of_bounds"])
    if data["state"] not in _ORDER or any(one.side not in get_args(Side) for one in writes):
        raise KeyError(data["state"])
    return RowEvidence(**{**data, "out_of_bounds": writes})
