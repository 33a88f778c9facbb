"""What stands at a path inside a function, as an object and as text."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import tvm
from tvm import tirx

_DECLARES = re.compile(r"\w+ = T\.(?:\w+\(\)|Buffer\(.*\)|Var\(.*\))|# from .*")
_STEP = re.compile(r"\.(?P<field>\w+)(?:\[(?P<item>\d+)\])?")


def node_at(func: Any, path: str) -> Any:
    """The node that a path leads to.

    Paths of a kernel begin in its body, ``.block.body.seq[0].value``; those of a graph with it,
    ``.body.blocks[0].bindings[3].value``.

    Raises:
        ValueError: the path is malformed or leads nowhere.
    """
    node = func.body if isinstance(func, tirx.PrimFunc) else func
    for field, item in steps_of(path):
        try:
            node = getattr(node, field)
            node = node if item is None else node[item]
        except (AttributeError, IndexError) as error:
            raise ValueError(f"{path!r} leads nowhere in this function: {error}") from error
    return node


def steps_of(path: str) -> list[tuple[str, int | None]]:
    """The steps of a path: a field, and which of its items, if one.

    Raises:
        ValueError: the path is malformed.
    """
    steps: list[tuple[str, int | None]] = []
    end = 0
    for step in _STEP.finditer(path):
        if step.start() != end:
            break
        steps.append((step["field"], None if step["item"] is None else int(step["item"])))
        end = step.end()
    if end != len(path):
        raise ValueError(f"{path!r} is not a path")
    return steps


def text_at(func: Any, path: str) -> str:
    """TVMScript of the node at a path, on one line."""
    return text_of(node_at(func, path))


def text_of(node: Any) -> str:
    """TVMScript on one line: an expression, or a statement with its lines joined."""
    if isinstance(node, tvm.ir.GenericConst):
        return constant_text(node)
    lines = [line.strip() for line in str(node).strip().splitlines()]
    # Constants are printed as references to data that is not.
    lines = [line for line in lines if not line.startswith("# Metadata omitted")]
    if not isinstance(node, tirx.Stmt):
        # Free variables are declared on lines of their own, above the expression.
        return lines[-1]
    return " ".join(line for line in lines if line and not _DECLARES.fullmatch(line))


def constant_text(constant: Any) -> str:
    """A constant tensor in a few words: element type, shape and range of its values."""
    values = np.asarray(constant.value.numpy())
    shape = "x".join(str(extent) for extent in values.shape) or "scalar"
    if values.size == 0:
        return f"{values.dtype} {shape}"
    return f"{values.dtype} {shape} from {values.min():.4g} to {values.max():.4g}"
