"""How a campaign samples: in which order mutants are taken, and how many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mutatenn.campaign.manifest import in_order
from mutatenn.campaign.strata import stratified
from mutatenn.campaign.until import Until, half_width
from mutatenn.campaign.walk import Size
from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant

if TYPE_CHECKING:
    from mutatenn.campaign.options import Options


def ordered(mutants: Sequence[Mutant], options: Options) -> tuple[Mutant, ...]:
    """All mutants in the order in which they are taken.

    Raises:
        InputError: the sample is empty.
    """
    if options.stratify is not None and options.sample is not None:
        return stratified(mutants, options.sample, options.seed, options.stratify)
    size = options.sample
    if size is None and options.until is not None:
        size = max(len(mutants), 1)
    return in_order(mutants, size, options.seed)


def size_of(options: Mapping[str, Any]) -> Size:
    """How many runnable mutants are wanted.

    Args:
        options: as the manifest holds them; earlier ones lack some.
    """
    sample: int | None = options["sample"]
    until = options.get("until")
    return sample if until is None else Until(half_width(until), sample)


def require_together(options: Options) -> None:
    """Refuse options about samples that do not go together.

    Raises:
        InputError: the sentence says which.
    """
    if options.stratify is not None and options.sample is None:
        raise InputError("--stratify shares a sample out: give --sample too")
    if options.stratify is not None and options.order > 1:
        raise InputError(
            "--stratify needs mutants that are in one stratum each: leave it or --order out"
        )
    if options.until is not None and options.stratify is not None:
        raise InputError(
            "--until stops by the interval of a simple random sample: leave it or --stratify out"
        )
    if options.until is not None and options.shard is not None:
        raise InputError(
            "--until needs the verdicts of all shards, which run apart: give --sample instead, or "
            "leave --shard out"
        )
