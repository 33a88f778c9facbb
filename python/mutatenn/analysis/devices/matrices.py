"""The two matrices: mutant against original on each device, device against device per mutant."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from mutatenn.oracle import Oracle, class_output
from mutatenn.oracle.base import Labels
from mutatenn.oracle.floors import Pair, pairs
from mutatenn.oracle.mutual import share_disputed, share_failing
from mutatenn.oracle.outputs import Outputs
from mutatenn.oracle.spread import Floor, beyond_floors, spread, top1_differs


@dataclasses.dataclass(frozen=True)
class PairCell:
    """What two devices make of the same mutant; shares of inputs, 0 to 1.

    Attributes:
        disputed: by oracle, as ``share_disputed`` says.
        top1: inputs with another first class; ``None`` where the model is no classifier.
        absolute: largest difference of two elements, over all inputs and outputs.
        beyond: inputs that differ by more than the original does between these devices: above its
            noise floor in the absolute and in the relative difference, in one output or more.
    """

    disputed: dict[str, float]
    top1: float | None
    absolute: float
    beyond: float


@dataclasses.dataclass(frozen=True)
class Cells:
    """The rows of one mutant in both matrices.

    A mutant that did not run to the end on a device has no answers there, and no cell.

    Attributes:
        failing: by device and oracle, the share of inputs on which the oracle refuses the answer.
        between: by pair of devices.
    """

    mutant: str
    failing: dict[str, dict[str, float]]
    between: dict[Pair, PairCell]


@dataclasses.dataclass(frozen=True)
class Ground:
    """What answers are judged against.

    Attributes:
        golden: the original's answers by device.
        floors: of each pair of devices, per model output.
        oracles: the rules.
        labels: class index of each input, for rules that need them.
    """

    golden: Mapping[str, Outputs]
    floors: Mapping[Pair, Sequence[Floor]]
    oracles: Sequence[Oracle]
    labels: Labels | None

    def cells(
        self, mutant: str, answers: Mapping[str, Outputs], second: Mapping[str, Outputs]
    ) -> Cells:
        """The cells of a mutant.

        Args:
            mutant: its id.
            answers: by device, where it ran to the end.
            second: by device, those under another fill pattern where they differ. A mutant is
                judged by its worse answer; devices are compared by the first alone.
        """
        alone = {
            device: {
                oracle.name: share_failing(
                    oracle, self.golden[device], given, self.labels, second.get(device)
                )
                for oracle in self.oracles
            }
            for device, given in answers.items()
        }
        between = {pair: self._between(pair, answers) for pair in pairs(list(answers))}
        return Cells(mutant, alone, between)

    def _between(self, pair: Pair, answers: Mapping[str, Outputs]) -> PairCell:
        golden = self.golden[pair[0]], self.golden[pair[1]]
        given = answers[pair[0]], answers[pair[1]]
        classes = class_output([array.shape[1:] for array in golden[0]])
        top1 = None if classes is None else float(np.mean(top1_differs(*given, classes)))
        apart = [spread(one, other).absolute for one, other in zip(*given, strict=True)]
        return PairCell(
            {one.name: share_disputed(one, golden, given, self.labels) for one in self.oracles},
            top1,
            max(float(each.max(initial=0.0)) for each in apart),
            float(np.mean(beyond_floors(*given, self.floors[pair]))),
        )
