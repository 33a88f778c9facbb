"""One line of an inventory of devices."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

State = Literal["ready", "failed", "missing"]


@dataclasses.dataclass(frozen=True)
class Entry:
    """A device that is there, or a family of which there is none.

    ``state`` is ``ready`` where the self-test gave the right answer, ``failed`` where it did not
    (``reason`` says how), ``missing`` where there is nothing to test. ``advice`` says what to do.
    """

    device: str
    state: State
    properties: dict[str, Any] = dataclasses.field(default_factory=dict)
    reason: str = ""
    advice: str = ""

    @property
    def family(self) -> str:
        """The family that the device belongs to."""
        return self.device.partition(":")[0]

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {**dataclasses.asdict(self), "family": self.family}
