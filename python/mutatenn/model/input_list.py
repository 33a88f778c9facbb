"""A list of inputs by name, for runs on these alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mutatenn.errors import InputError


def read_names(path: Path) -> tuple[str, ...]:
    """The names in a text file, one on each line; empty lines do not count.

    Raises:
        InputError: the file cannot be read, or names no input, or one twice.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError as error:
        raise InputError(
            f"the list of inputs {path} cannot be read ({error.strerror}); give a text file with a "
            "name on each line"
        ) from error
    names = tuple(line for line in lines if line)
    if not names:
        raise InputError(f"the list of inputs {path} names none; give a name on each line")
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"the list of inputs {path} names {name!r} twice; leave one out")
        seen.add(name)
    return names


def indices_of(only: Sequence[str] | None, names: Sequence[str], where: Path) -> list[int]:
    """Which of ``names`` are to be taken, in their own order.

    Args:
        only: those that are; None: all.
        names: of all inputs.
        where: the inputs, for errors.

    Raises:
        InputError: there is no input of some name.
    """
    if only is None:
        return list(range(len(names)))
    index = {name: row for row, name in enumerate(names)}
    missing = [name for name in only if name not in index]
    if missing:
        raise InputError(
            f"{where} has no input {missing[0]!r}; give names that are there, such as {names[0]!r}"
        )
    return sorted(index[name] for name in only)
