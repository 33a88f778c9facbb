"""Higher-order mutants: several first-order ones planted together, drawn at random.

Source: Y. Jia and M. Harman, "Higher order mutation testing", IST 51(10), 2009.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence

from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant

JOINT = "+"
"""Stands between the ids of parts, where a user names a mutant by them."""
OTHER_STAGE = "they belong to other stages or lowerings"
SAME_PLACE = "they are at the same place"
INSIDE = "one place lies inside the other: planting one would take the other's place away"
FRUITLESS_ROUNDS = 20
"""After so many shuffles without a set that is new, there are taken to be no more."""


def combined(parts: Sequence[Mutant]) -> Mutant:
    """The mutant that has all parts; its id is made from theirs and their number.

    Args:
        parts: two or more, in the module's order: the first is the first to be launched.

    Raises:
        InputError: two of them cannot be planted together.
    """
    for first, second in itertools.combinations(parts, 2):
        why = refusal(first, second)
        if why:
            raise InputError(f"{first.id} and {second.id} cannot be planted together: {why}")
    digest = hashlib.sha256("\n".join(part.id for part in parts).encode()).hexdigest()
    leading = parts[0]
    return Mutant(
        id=f"order{len(parts)}-{digest[:16]}",
        operator=JOINT.join(part.operator for part in parts),
        version=1,
        stage=leading.stage,
        lowering=leading.lowering,
        function=leading.function,
        site=leading.site,
        site_in_function=leading.site_in_function,
        path=leading.path,
        settings={},
        layers=tuple(dict.fromkeys(layer for part in parts for layer in part.layers)),
        semantics_preserving=all(part.semantics_preserving for part in parts),
        parts=tuple(parts),
    )


def refusal(first: Mutant, second: Mutant) -> str:
    """Why two mutants cannot be planted together; empty if they can."""
    if (first.stage, first.lowering) != (second.stage, second.lowering):
        return OTHER_STAGE
    if first.function != second.function:
        return ""
    if first.path == second.path:
        return SAME_PLACE
    shorter, longer = sorted((first.path, second.path), key=len)
    return INSIDE if longer.startswith(f"{shorter}.") else ""


def drawn(
    mutants: Sequence[Mutant], order: int, seed: int, sample: int | None
) -> tuple[list[Mutant], dict[str, int]]:
    """Mutants of higher order, and how many pairs were kept apart for which reason.

    The mutants are shuffled and dealt into sets of ``order``, so that each is in one set at most;
    with a sample they are shuffled again and again, and sets that are there already are dropped,
    until there are four times as many as the sample wants: some will be proved away. A larger
    sample contains the smaller. Fewer come where there are no more.

    Args:
        mutants: those of first order, in the module's order.
        order: how many each is made of, 2 or more.
        seed: of the shuffles; nothing else but the mutants' ids decides.
        sample: how many are to run; ``None``: one deal.

    Raises:
        InputError: no ``order`` of the mutants can be planted together.
    """
    rank = {mutant.id: index for index, mutant in enumerate(mutants)}
    chance, avoided = random.Random(f"{seed}/{order}"), Counter[str]()
    found: dict[tuple[str, ...], Mutant] = {}
    wanted = None if sample is None else 4 * sample
    fruitless = 0
    while fruitless < FRUITLESS_ROUNDS and (wanted is None or len(found) < wanted):
        before = len(found)
        for parts in _dealt(mutants, order, chance, avoided):
            ordered = sorted(parts, key=lambda part: rank[part.id])
            found.setdefault(tuple(part.id for part in ordered), combined(ordered))
        fruitless = 0 if len(found) > before else fruitless + 1
        if wanted is None and found:
            break
    if not found:
        raise InputError(
            f"no {order} of the {len(mutants)} mutants can be planted together; give a lower "
            "--order, or select more of them"
        )
    return list(found.values())[:wanted], dict(avoided)


def population(mutants: Sequence[Mutant], order: int) -> int:
    """How many sets of ``order`` mutants there are, those that cannot be planted included."""
    return math.comb(len(mutants), order)


def _dealt(
    mutants: Sequence[Mutant], order: int, chance: random.Random, avoided: Counter[str]
) -> Iterator[list[Mutant]]:
    """Sets of one shuffle; a mutant that does not go with those in hand sits the round out."""
    shuffled = sorted(mutants, key=lambda mutant: mutant.id)
    chance.shuffle(shuffled)
    hand: list[Mutant] = []
    for mutant in shuffled:
        reasons = [why for other in hand if (why := refusal(other, mutant))]
        if reasons:
            avoided[reasons[0]] += 1
            continue
        hand.append(mutant)
        if len(hand) == order:
            yield hand
            hand = []
