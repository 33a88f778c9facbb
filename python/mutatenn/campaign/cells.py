"""Cells: which inputs alone would kill a mutant, as far as its run showed it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.evidence import MutantRun
from mutatenn.oracle import Judgement, Oracle, Outputs, SetOracle
from mutatenn.oracle import judge as judge_answers
from mutatenn.oracle.outputs import Flags

KEY = "inputs"
"""Where the journal's ``evidence`` holds them."""
EVERY: dict[str, Any] = {KEY: {"kills": "every"}}
"""Evidence of a mutant that is killed without a run, whatever the inputs are."""


@dataclasses.dataclass(frozen=True, eq=False)
class Cells:
    """What is known of each input and one mutant.

    Attributes:
        kills: inputs that kill it, bool (inputs,).
        known: inputs of which that is known, bool (inputs,); those that kill are among them.
    """

    kills: Flags
    known: Flags

    def to_dict(self) -> dict[str, str]:
        """Bits in hexadecimal, the first input's the highest; ``known`` only where not all are."""
        found = {"kills": _hex(self.kills)}
        return found if self.known.all() else {**found, "known": _hex(self.known)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, str], inputs: int) -> Cells:
        """The inverse of ``to_dict``, and of what ``EVERY`` holds.

        Raises:
            ValueError: the text is not of so many inputs.
        """
        if stored["kills"] == "every":
            return cls(np.ones(inputs, np.bool_), np.ones(inputs, np.bool_))
        kills = _flags(stored["kills"], inputs)
        known = _flags(stored["known"], inputs) if "known" in stored else np.ones(inputs, np.bool_)
        return cls(kills, known)

    @classmethod
    def none_known(cls, inputs: int) -> Cells:
        """Nothing is known of any input."""
        return cls(np.zeros(inputs, np.bool_), np.zeros(inputs, np.bool_))


def of_answers(judgement: Judgement) -> Cells:
    """Cells of a run to the end.

    A rule on the whole set says nothing of an input alone: beside one, only kills by other rules
    are known.
    """
    kills = judgement.failing
    on_set = any(finding is not None for finding in judgement.of_set)
    return Cells(kills, kills if on_set else np.ones_like(kills))


def of_stopped(
    run: MutantRun, golden: Outputs, oracles: Sequence[Oracle], labels: NDArray[np.int64] | None
) -> Cells:
    """Cells of a run that a crash or a hang has ended: what came after its row is not known.

    The row that it ended in kills. Those before it are judged by their answers, unless the run
    only counted steps, whose answers mean nothing.
    """
    inputs = len(run.rows)
    found = Cells.none_known(inputs)
    if run.stopped_in is None:
        return found
    before = np.arange(inputs) < run.stopped_in
    if not run.proved:
        rules = [oracle for oracle in oracles if not isinstance(oracle, SetOracle)]
        judged = of_answers(judge_answers(rules, golden, run.outputs, run.outputs_b, labels))
        found.kills[:] = judged.kills & before
        found.known[:] = before if len(rules) == len(oracles) else found.kills
    found.kills[run.stopped_in] = found.known[run.stopped_in] = True
    return found


def _hex(flags: Flags) -> str:
    return np.packbits(flags).tobytes().hex()


def _flags(text: str, inputs: int) -> Flags:
    packed = np.frombuffer(bytes.fromhex(text), np.uint8)
    if packed.size != (inputs + 7) // 8:
        raise ValueError(f"{packed.size} bytes for {inputs} inputs")
    return np.unpackbits(packed, count=inputs).astype(np.bool_)
