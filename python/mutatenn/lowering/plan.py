"""The lowered model as data: an ordered list of kernel launches over buffers, plus weights."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any, Literal

import numpy as np

Role = Literal["input", "weight", "activation", "fresh"]
"""``fresh``: an activation of another program than the plan's, to which nothing compares."""


@dataclasses.dataclass(frozen=True)
class Buffer:
    """One tensor of the model; ``dtype`` is its name in NumPy or ml_dtypes."""

    id: int
    name: str
    role: Role
    shape: tuple[int, ...]
    dtype: str

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return math.prod(self.shape) * np_dtype(self.dtype).itemsize


@dataclasses.dataclass(frozen=True)
class Launch:
    """One call of a kernel: its input buffers, then its output buffers, by id."""

    index: int
    kernel: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    layers: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Plan:
    """All launches in order. ``buffers[i].id == i``; each activation is written by one launch."""

    buffers: tuple[Buffer, ...]
    launches: tuple[Launch, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    target: str

    @property
    def kernels(self) -> tuple[str, ...]:
        """Names of the kernels, by first launch."""
        return tuple(dict.fromkeys(launch.kernel for launch in self.launches))

    def launches_of(self, kernel: str) -> tuple[Launch, ...]:
        """Launches of one kernel, in order."""
        return tuple(launch for launch in self.launches if launch.kernel == kernel)

    def layers_of(self, kernel: str) -> tuple[str, ...]:
        """Names of the layers that a kernel computes, over all its launches."""
        names = (layer for launch in self.launches_of(kernel) for layer in launch.layers)
        return tuple(dict.fromkeys(names))

    def to_json(self) -> str:
        """The plan as JSON, one launch and one buffer a line; weights are not in it."""
        rows: dict[str, Any] = dataclasses.asdict(self)
        head = {"schema": "mutatenn.plan/1", "target": rows["target"]}
        head |= {"inputs": rows["inputs"], "outputs": rows["outputs"]}
        lines = [json.dumps(head)[:-1]]
        for key in ("buffers", "launches"):
            body = ",\n".join("  " + json.dumps(row) for row in rows[key])
            lines.append(f' "{key}": [\n{body}]')
        return ",\n".join(lines) + "}\n"

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: the text is not a plan of this schema.
        """
        data = json.loads(text)
        if data.get("schema") != "mutatenn.plan/1":
            raise ValueError(f"schema is {data.get('schema')!r}, not 'mutatenn.plan/1'")
        buffers = tuple(Buffer(**row | {"shape": tuple(row["shape"])}) for row in data["buffers"])
        launches = tuple(
            Launch(**row | {key: tuple(row[key]) for key in ("inputs", "outputs", "layers")})
            for row in data["launches"]
        )
        ends = {key: tuple(data[key]) for key in ("inputs", "outputs")}
        return cls(buffers, launches, target=data["target"], **ends)


def np_dtype(name: str) -> np.dtype[Any]:
    """NumPy dtype of a TVM dtype name; bfloat16 and float8 come from ml_dtypes.

    Raises:
        TypeError: NumPy and ml_dtypes know no such dtype.
    """
    if name == "bool":
        return np.dtype(np.bool_)
    try:
        return np.dtype(name)
    except TypeError:
        import ml_dtypes  # noqa: PLC0415  (only the rare dtypes need it)

        rare: np.dtype[Any] = np.dtype(getattr(ml_dtypes, name))
        return rare
