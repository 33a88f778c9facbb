"""A mutated model's plan compared with the original's: what is the same, what stands for what."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.lowering.plan import Buffer, Launch, Plan, Role
from mutatenn.lowering.variant import Variant, VariantLaunch

Weights = Mapping[int, NDArray[Any]]
Signature = tuple[tuple[tuple[int, ...], str], ...]


def changed_outputs(plan: Plan, mutant: Plan) -> str:
    """How the model's outputs changed their number, shape or type, in a sentence; empty if not."""
    before, after = _signature(plan, plan.outputs), _signature(mutant, mutant.outputs)
    if len(before) != len(after):
        return f"the model gives {len(after)} outputs, the original {len(before)}"
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            return f"output {index} is {_told(new)}, in the original {_told(old)}"
    return ""


def variant_of(
    plan: Plan,
    weights: Weights,
    mutant: Plan,
    mutant_weights: Weights,
    content: Callable[[str], str],
) -> Variant | None:
    """What of a mutant's plan is not the original's; ``None`` if it is all the same program.

    Launches are the same that launch the same kernel, by content, on the same data. Of the others,
    those in the same order with the same content stand for each other, and so do, between such,
    those with outputs of the same shapes: what is written there is compared with the golden data.

    Args:
        plan: the original's.
        weights: its weights, by buffer.
        mutant: the mutant's; its inputs and outputs have the same shapes and types.
        mutant_weights: its weights.
        content: for a kernel of the mutant, the name of the original's that has the same content,
            else a name that says what it does.

    Raises:
        InputError: outputs that are one buffer in the original are not in the mutant.
    """
    return _Comparison(plan, weights, mutant, mutant_weights, content).variant()


class _Comparison:
    """Maps buffers of the mutant to those of the original, launch by launch."""

    def __init__(
        self,
        plan: Plan,
        weights: Weights,
        mutant: Plan,
        mutant_weights: Weights,
        content: Callable[[str], str],
    ) -> None:
        self._plan = plan
        self._mutant = mutant
        self._weights = mutant_weights
        self._contents = {name: content(name) for name in mutant.kernels}
        self._first = _first_alike(plan, weights)
        """By buffer of the original: the first that holds the same data."""
        self._known: dict[tuple[str, tuple[int, ...]], Launch] = {}
        for launch in plan.launches:
            key = (launch.kernel, self._firsts(launch.inputs))
            alike = self._known.setdefault(key, launch)
            self._first |= zip(launch.outputs, self._firsts(alike.outputs), strict=True)
        self._ids: dict[int, int] = dict(zip(mutant.inputs, plan.inputs, strict=True))
        """By buffer of the mutant: that of the variant."""
        self._buffers: list[Buffer] = []
        by_value = {_value(plan.buffers[i], weights[i]): i for i in sorted(weights, reverse=True)}
        for buffer, value in mutant_weights.items():
            known = by_value.get(_value(mutant.buffers[buffer], value))
            if known is None:
                self._add(buffer, mutant.buffers[buffer])
            else:
                self._ids[buffer] = known

    def variant(self) -> Variant | None:
        left = self._left()
        pairs = self._pairs(left)
        launches = [self._launch(launch, pairs.get(launch.index)) for launch in left]
        outputs = self._outputs()
        if not launches and all(self._first[b] == self._first[o] for o, b in outputs.items()):
            return None
        added = {buffer.id for buffer in self._buffers}
        own = {self._ids[b]: value for b, value in self._weights.items() if self._ids[b] in added}
        contents = {
            one.launch.kernel: self._contents[self._mutant.launches[launch.index].kernel]
            for one, launch in zip(launches, left, strict=True)
        }
        return Variant(
            tuple(self._buffers), tuple(launches), tuple(outputs.values()), own, contents
        )

    def _left(self) -> list[Launch]:
        """The mutant's launches that the original does not have; outputs of the others mapped."""
        left = []
        same = {mine for mine, its in self._ids.items() if its < len(self._plan.buffers)}
        self._used: set[int] = set()
        for launch in self._mutant.launches:
            known = None
            if same.issuperset(launch.inputs):
                inputs = self._firsts([self._ids[buffer] for buffer in launch.inputs])
                known = self._known.get((self._contents[launch.kernel], inputs))
            if known is None:
                left.append(launch)
                continue
            self._used.add(known.index)
            self._ids |= zip(launch.outputs, known.outputs, strict=True)
            same |= {*launch.outputs}
        return left

    def _pairs(self, left: Sequence[Launch]) -> dict[int, Launch]:
        """By index of the mutant's launches, the launches of the original that they stand for."""
        there = [launch for launch in self._plan.launches if launch.index not in self._used]
        old = [launch.kernel for launch in there]
        new = [self._contents[launch.kernel] for launch in left]
        pairs: dict[int, Launch] = {}
        matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
        for tag, a0, a1, b0, b1 in matcher.get_opcodes():
            if tag == "equal":
                found: Iterator[tuple[Launch, Launch]] = zip(there[a0:a1], left[b0:b1], strict=True)
            else:
                found = self._alike(there[a0:a1], left[b0:b1])
            pairs |= {mine.index: its for its, mine in found}
        return pairs

    def _alike(
        self, there: Sequence[Launch], left: Sequence[Launch]
    ) -> Iterator[tuple[Launch, Launch]]:
        """Launches in the same order whose outputs have the same shapes and types."""
        at = 0
        for mine in left:
            wanted = _signature(self._mutant, mine.outputs)
            for index in range(at, len(there)):
                if _signature(self._plan, there[index].outputs) == wanted:
                    yield there[index], mine
                    at = index + 1
                    break

    def _launch(self, launch: Launch, pair: Launch | None) -> VariantLaunch:
        content = self._contents[launch.kernel]
        for position, buffer in enumerate(launch.outputs):
            if pair is None:
                self._add(buffer, self._mutant.buffers[buffer])
            else:
                self._ids[buffer] = pair.outputs[position]
        inputs = tuple(self._ids[buffer] for buffer in launch.inputs)
        kept = (
            pair is not None
            and pair.kernel == content
            and self._firsts(inputs) == self._firsts(pair.inputs)
        )
        theirs = content in self._plan.kernels
        own = Launch(
            launch.index,
            content if theirs else f"{launch.kernel} of the mutant",
            inputs,
            tuple(self._ids[buffer] for buffer in launch.outputs),
            launch.layers,
        )
        return VariantLaunch(own, not kept, None if pair is None else pair.index)

    def _outputs(self) -> dict[int, int]:
        """By distinct activation among the original's outputs, the buffer that holds it."""
        found: dict[int, int] = {}
        for buffer, mine in zip(self._plan.outputs, self._mutant.outputs, strict=True):
            given = self._ids[mine]
            if self._plan.buffers[buffer].role != "activation":
                expected = buffer
            else:
                expected = found.setdefault(buffer, given)
            if expected != given:
                raise InputError(
                    f"the original gives buffer {buffer} as it is, or twice, and the mutant does "
                    "not; this device cannot tell their outputs apart"
                )
        return found

    def _add(self, buffer: int, like: Buffer) -> None:
        role: Role = "weight" if like.role == "weight" else "fresh"
        number = len(self._plan.buffers) + len(self._buffers)
        self._buffers.append(Buffer(number, like.name, role, like.shape, like.dtype))
        self._ids[buffer] = number

    def _firsts(self, buffers: Sequence[int]) -> tuple[int, ...]:
        return tuple(self._first.get(buffer, buffer) for buffer in buffers)


def _first_alike(plan: Plan, weights: Weights) -> dict[int, int]:
    """By buffer of a plan: itself, or for a weight the first one with the same value."""
    first: dict[str, int] = {}
    found = {}
    for buffer in plan.buffers:
        if buffer.role == "weight":
            found[buffer.id] = first.setdefault(_value(buffer, weights[buffer.id]), buffer.id)
        else:
            found[buffer.id] = buffer.id
    return found


def _value(buffer: Buffer, value: NDArray[Any]) -> str:
    digest = hashlib.sha256(value.tobytes()).hexdigest()
    return f"{buffer.dtype}{buffer.shape}{digest}"


def _signature(plan: Plan, buffers: Sequence[int]) -> Signature:
    return tuple((plan.buffers[i].shape, plan.buffers[i].dtype) for i in buffers)


def _told(one: tuple[tuple[int, ...], str]) -> str:
    shape, dtype = one
    return f"{dtype}{list(shape)}"
