"""What changed between two campaigns: mutants, verdicts, and what determines them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from mutatenn.campaign.verdict import verdict_text

WITHOUT_EFFECT = ("out", "jobs", "cache_mb")
"""Options that decide no verdict."""


@dataclasses.dataclass(frozen=True)
class Change:
    """A mutant with another verdict, or another kind of kill, as people read it."""

    mutant: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True)
class VerdictChanges:
    """What became of the mutants of one device.

    Attributes:
        same: how many have the same verdict, and kind of kill.
        changed: those that have another, in the order of the first campaign.
        only_before: mutants with a verdict in the first campaign alone.
        only_after: mutants with a verdict in the second alone.
    """

    same: int
    changed: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def transitions(self) -> dict[tuple[str, str], int]:
        """How many mutants went from one verdict to another, most first."""
        found = Counter((change.before, change.after) for change in self.changed)
        return dict(found.most_common())


@dataclasses.dataclass(frozen=True)
class KeyChanges:
    """Entries of a table that are new, gone, or have another value."""

    new: dict[str, Any]
    gone: dict[str, Any]
    changed: dict[str, tuple[Any, Any]]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.new or self.gone or self.changed)


def verdict_changes(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> VerdictChanges:
    """Compare what two journals say of one device.

    Args:
        before: the rows of the first.
        after: the rows of the second.
    """
    old, new = _verdicts(before), _verdicts(after)
    both = [mutant for mutant in old if mutant in new]
    changed = tuple(Change(m, old[m], new[m]) for m in both if old[m] != new[m])
    return VerdictChanges(
        len(both) - len(changed),
        changed,
        tuple(mutant for mutant in old if mutant not in new),
        tuple(mutant for mutant in new if mutant not in old),
    )


def key_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> KeyChanges:
    """Compare two tables."""
    return KeyChanges(
        {key: after[key] for key in after if key not in before},
        {key: before[key] for key in before if key not in after},
        {
            key: (before[key], after[key])
            for key in before
            if key in after and before[key] != after[key]
        },
    )


def ground_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, KeyChanges]:
    """What determines verdicts and is another: options, operators, versions, hashes, kernels.

    Args:
        before: the facts of the first campaign.
        after: those of the second.
    """
    pairs: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
        name: (table(before), table(after)) for name, table in _TABLES.items()
    }
    return {name: key_changes(old, new) for name, (old, new) in pairs.items()}


def _verdicts(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {row["mutant"]: verdict_text(row["verdict"], row["kill"]) for row in rows}


def _options(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: n for key, n in facts["options"].items() if key not in WITHOUT_EFFECT}


def _hashes(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in facts["hashes"].items() if key != "kernels"}


def _kernels(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(facts["hashes"]["kernels"])


def _operators(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(facts["operators"])


def _versions(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(facts["versions"])


def _inputs(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Inputs by name; a campaign that has not begun names none."""
    return dict.fromkeys(facts.get("input_names", ()), True)


_TABLES = {
    "options": _options,
    "operators": _operators,
    "inputs": _inputs,
    "versions": _versions,
    "hashes": _hashes,
    "kernels": _kernels,
}
