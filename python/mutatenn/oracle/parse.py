"""From what a user writes, ``allclose:rtol=1e-3,atol=0``, to an oracle."""

from __future__ import annotations

from collections.abc import Sequence

from mutatenn.errors import InputError
from mutatenn.oracle.base import Oracle
from mutatenn.oracle.entries import Entry, Values, catalogue


def parse_oracle(text: str) -> Oracle:
    """The oracle that ``text`` names; its ``name`` is the same with all parameters.

    Raises:
        InputError: there is no such oracle, parameter or value; the sentence lists what there is.
    """
    entries = {entry.name: entry for entry in catalogue()}
    name, colon, rest = text.strip().partition(":")
    if name not in entries:
        usages = ", ".join(entry.usage for entry in entries.values())
        raise InputError(f"there is no oracle {name!r}; choose one of: {usages}")
    entry = entries[name]
    values = _values(entry, text, rest.split(",") if colon else [])
    return entry.make(values)


def parse_oracles(texts: Sequence[str]) -> tuple[Oracle, ...]:
    """The oracles of several texts, in their order.

    Raises:
        InputError: there are none, one is given twice, or as `parse_oracle` says.
    """
    if not texts:
        raise InputError("no oracle is given; give at least one, such as top1")
    oracles = tuple(parse_oracle(text) for text in texts)
    names = [oracle.name for oracle in oracles]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"the oracle {name} is given twice; leave one out")
    return oracles


def _values(entry: Entry, text: str, parts: Sequence[str]) -> Values:
    known = {parameter.name: parameter for parameter in entry.parameters}
    given: dict[str, str] = {}
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or key not in known:
            raise InputError(
                f"the oracle {text!r} has no parameter {key!r}; {entry.name} takes {_taken(entry)}"
            )
        if key in given:
            raise InputError(f"the oracle {text!r} gives {key} twice; leave one out")
        given[key] = value
    values: Values = {}
    for key, parameter in known.items():
        written = given.get(key, parameter.default)
        if written is None:
            continue
        values[key] = parameter.read(written)
        if values[key] is None:
            raise InputError(f"the oracle {text!r} has {key}={written}; give {parameter.takes}")
    return values


def _taken(entry: Entry) -> str:
    if not entry.parameters:
        return "none"
    return ", ".join(f"{each.name}= ({each.takes})" for each in entry.parameters)
