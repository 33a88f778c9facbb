"""A kernel for an accelerator as data: its source, and the launches that compute it.

Neither TVM nor a device is needed to read it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any, Literal

SCHEMA = "mutatenn.kernel/1"

Kind = Literal["parameter", "workspace", "scalar"]
Language = Literal["opencl", "cuda"]


@dataclasses.dataclass(frozen=True)
class Argument:
    """One argument of a launch.

    ``index`` counts the kernel's tensor parameters (a plan's launch gives its inputs, then its
    outputs) or its workspaces; a scalar has a ``dtype`` and a ``value`` instead. ``offset`` is in
    bytes from the buffer's beginning.
    """

    kind: Kind
    index: int = 0
    offset: int = 0
    dtype: str = ""
    value: float | int = 0


@dataclasses.dataclass(frozen=True)
class DeviceLaunch:
    """One launch of a device function: ``grid`` blocks of ``block`` threads, x, y, z.

    ``shared_bytes`` is the shared memory that is asked for at the launch, beside what the source
    declares.
    """

    symbol: str
    arguments: tuple[Argument, ...]
    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    shared_bytes: int = 0

    @property
    def threads(self) -> int:
        """Threads of one block."""
        return self.block[0] * self.block[1] * self.block[2]


@dataclasses.dataclass(frozen=True)
class DeviceKernel:
    """What computes one PrimFunc: device functions in ``source``, launched one after another.

    ``parameters`` is the number of its tensors; ``workspaces`` the bytes of each temporary, which
    lives from launch to launch and holds nothing at first.
    """

    language: Language
    source: str
    launches: tuple[DeviceLaunch, ...]
    workspaces: tuple[int, ...]
    parameters: int

    def to_json(self) -> str:
        """All of it, one launch a line."""
        rows: dict[str, Any] = dataclasses.asdict(self)
        launches = ",\n".join("  " + json.dumps(row) for row in rows.pop("launches"))
        head = json.dumps({"schema": SCHEMA, **rows})[:-1]
        return f'{head}, "launches": [\n{launches}]}}\n'

    @classmethod
    def from_json(cls, text: str) -> DeviceKernel:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: the text is no kernel of this schema.
        """
        data = json.loads(text)
        if data.pop("schema", None) != SCHEMA:
            raise ValueError(f"not a kernel of schema {SCHEMA!r}")
        launches = tuple(
            DeviceLaunch(
                symbol=row["symbol"],
                arguments=tuple(Argument(**argument) for argument in row["arguments"]),
                grid=tuple(row["grid"]),
                block=tuple(row["block"]),
                shared_bytes=row["shared_bytes"],
            )
            for row in data.pop("launches")
        )
        return cls(launches=launches, workspaces=tuple(data.pop("workspaces")), **data)

    @property
    def sha256(self) -> str:
        """Hash of source, launches and workspaces, hexadecimal."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()
