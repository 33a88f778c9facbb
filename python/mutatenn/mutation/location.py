"""What stands at a path inside a function, as an object and as text."""

from __future__ import annotations

import re
from typing import Any

from tvm import tirx

_DECLARES = re.compile(r"\w+ = T\.(?:\w+\(\)|Buffer\(.*\)|Var\(.*\))|# from .*")
_STEP = re.compile(r"\.(?P<field>\w+)(?:\[(?P<item>\d+)\])?")


def node_at(func: Any, path: str) -> Any:
    """The node that a path such as ``.block.body.seq[0].value`` leads to from a PrimFunc's body.

    Raises:
        ValueError: the path is malformed or leads nowhere.
    """
    node, end = func.body, 0
    for step in _STEP.finditer(path):
        if step.start() != end:
            break
        try:
            node = getattr(node, step["field"])
            node = node if step["item"] is None else node[int(step["item"])]
        except (AttributeError, IndexError) as error:
            raise ValueError(f"{path!r} leads nowhere in this function: {error}") from error
        end = step.end()
    if end != len(path):
        raise ValueError(f"{path!r} is not a path")
    return node


def text_at(func: Any, path: str) -> str:
    """TVMScript of the node at a path, on one line."""
    return text_of(node_at(func, path))


def text_of(node: Any) -> str:
    """TVMScript on one line: an expression, or a statement with its lines joined."""
    lines = [line.strip() for line in str(node).strip().splitlines()]
    if not isinstance(node, tirx.Stmt):
        # Free variables are declared on lines of their own, above the expression.
        return lines[-1]
    return " ".join(line for line in lines if line and not _DECLARES.fullmatch(line))
