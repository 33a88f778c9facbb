"""Which inputs alone kill a mutant, as far as the journal tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mutatenn.campaign.cells import KEY, Cells
from mutatenn.errors import InputError
from mutatenn.oracle import SetOracle, parse_oracle

Answers = list[bool | None]
"""One per input; ``None``: the journal does not tell."""


def failing(row: Mapping[str, Any], names: Sequence[str]) -> Answers:
    """Inputs whose answer some oracle refuses, and the one in which a run crashed or hung.

    Rules on the whole set refuse no single input.

    Args:
        row: a row of the journal.
        names: name of each input.

    Raises:
        InputError: what the journal has does not fit the number of inputs.
    """
    stored = row["evidence"].get(KEY)
    if stored is not None:
        return _of_cells(stored, len(names), row["mutant"])
    if row["verdict"] == "survived":
        return [False] * len(names)
    if row["verdict"] != "killed" or not row["failing"]:
        return [None] * len(names)
    if row["failing"] == len(names):
        return [True] * len(names)
    # Nothing before the first is refused; of what follows only the number is known.
    first = list(names).index(row["first_failing"])
    rest: bool | None = False if row["failing"] == 1 else None
    return [False] * first + [True] + [rest] * (len(names) - first - 1)


def failing_by(
    row: Mapping[str, Any], oracles: Sequence[str], failed: Answers
) -> dict[str, Answers]:
    """The same for each oracle.

    The journal keeps which oracles killed a mutant, and which inputs any of them refused: with one
    of them, both are the same.

    Args:
        row: a row of the journal.
        oracles: the campaign's.
        failed: what ``failing`` gave.
    """
    ran = row["reach"] != ""
    killers = row["evidence"].get("kills", {})
    return {name: _by(name, ran, killers, failed) for name in oracles}


def _by(name: str, ran: bool, killers: Mapping[str, str], failed: Answers) -> Answers:
    unknown: Answers = [None] * len(failed)
    if not ran:
        return unknown
    try:
        rule = parse_oracle(name)
    except InputError:
        return unknown  # a callable of Python
    if isinstance(rule, SetOracle):
        return unknown
    if rule.name not in killers:
        return [False] * len(failed)
    # Rules on the whole set refuse no single input.
    others = [one for one in killers if one != rule.name and not _on_set(one)]
    return unknown if others else failed


def _on_set(name: str) -> bool:
    try:
        return isinstance(parse_oracle(name), SetOracle)
    except InputError:
        return False


def _of_cells(stored: Mapping[str, str], inputs: int, mutant: str) -> Answers:
    try:
        cells = Cells.from_dict(stored, inputs)
    except ValueError as error:
        raise InputError(f"the journal has {error} of {mutant}: run that mutant again") from error
    return [
        bool(kills) if known else None
        for kills, known in zip(cells.kills, cells.known, strict=True)
    ]
