"""A variant: another program over a plan's data, given by what is not the plan's own."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.lowering.plan import Buffer, Launch


@dataclasses.dataclass(frozen=True)
class VariantLaunch:
    """A launch of a variant that may differ from all of the plan's.

    ``launch.kernel`` is one of the plan's kernels or of the variant's own. ``mutated`` says that it
    may differ by itself; else it gives the outputs of ``counterpart``, a launch of the plan, for
    that one's inputs. A mutated launch may have a counterpart too, which does its work in the plan.
    """

    launch: Launch
    mutated: bool
    counterpart: int | None = None


@dataclasses.dataclass(frozen=True)
class Variant:
    """Another program, compared with a plan; launches that the plan has as well are left out.

    Buffers below ``len(plan.buffers)`` are the plan's: what is not written here holds there what
    it holds in the plan. ``buffers`` are the variant's own, numbered on from those: weights with
    their values in ``weights``, and *fresh* activations, to which nothing in the plan compares.
    ``outputs`` says which buffer holds each distinct output of the plan that is an activation.
    ``kernels`` are libraries of the kernels that the plan does not have; ``contents`` tells them
    apart by what they do.
    """

    buffers: tuple[Buffer, ...]
    launches: tuple[VariantLaunch, ...]
    outputs: tuple[int, ...]
    weights: Mapping[int, NDArray[Any]]
    contents: Mapping[str, str]
    kernels: Mapping[str, Path] = dataclasses.field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hash of all that the program computes: equal for two variants that are one program."""
        parts = {
            "buffers": [(b.id, b.role, b.shape, b.dtype) for b in self.buffers],
            "launches": [
                (
                    self.contents.get(one.launch.kernel, one.launch.kernel),
                    one.launch.inputs,
                    one.launch.outputs,
                )
                for one in self.launches
            ],
            "outputs": self.outputs,
            "weights": {
                buffer: hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
                for buffer, value in sorted(self.weights.items())
            },
        }
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def kernel_names(self) -> tuple[str, ...]:
        """Names of the kernels of its mutated launches, each once."""
        names = (one.launch.kernel for one in self.launches if one.mutated)
        return tuple(dict.fromkeys(names))
