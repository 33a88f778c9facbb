"""What must hold of any mutant of any kernel, checked without a word about its operator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import tvm_ffi
from tvm import ir, s_tir, tirx

from mutatenn import _core
from mutatenn.mutation.location import node_at
from mutatenn.mutation.mutant import Mutant, plant
from operator_kernels import REGIONS, fields

DESCRIPTIVE = (*REGIONS, "span")
"""Fields that change no code."""

REFUSED = re.compile(
    r"^operator (?P<id>[\w-]+) \(version \d+\) at (?P<path>\S*) .*is refused by \S+"
)


def differences(before: Any, after: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Where nodes of another class stand, other values or other variables, with both of them.

    Access regions and spans are left out. What is the same object is not looked into.
    """
    if isinstance(before, tvm_ffi.Array) and isinstance(after, tvm_ffi.Array):
        if len(before) != len(after):
            return [(path, before, after)]
        pairs = enumerate(zip(before, after, strict=True))
        return [one for i, (x, y) in pairs for one in differences(x, y, f"{path}[{i}]")]
    if _is_inner(before) and _is_inner(after) and type(before) is type(after):
        return [
            one
            for name in ([] if before.same_as(after) else fields(before))
            if name not in DESCRIPTIVE
            for one in differences(getattr(before, name), getattr(after, name), f"{path}.{name}")
        ]
    return [] if _is_same(before, after) else [(path, before, after)]


def _is_inner(node: Any) -> bool:
    """Whether a node is told from another by its fields."""
    is_node = isinstance(node, tvm_ffi.Object) and not isinstance(node, ir.Var)
    return is_node and bool(fields(node))


def _is_same(before: Any, after: Any) -> bool:
    if isinstance(before, ir.Var):
        return bool(before.same_as(after))
    if isinstance(before, tvm_ffi.Object):
        return bool(tvm_ffi.structural_equal(before, after, map_free_vars=True))
    return type(before) is type(after) and repr(before) == repr(after)


def nodes_below(root: Any) -> Iterable[tuple[str, Any]]:
    """Every reflected node with its path, as often as it occurs."""
    stack = [("", root)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, tvm_ffi.Array):
            stack += [(f"{path}[{i}]", item) for i, item in enumerate(node)]
        elif isinstance(node, tvm_ffi.Object):
            yield path, node
            names = [] if isinstance(node, ir.Var | ir.Type) else fields(node)
            stack += [(f"{path}.{n}", getattr(node, n)) for n in names if n not in DESCRIPTIVE]


def is_below(place: str, path: str) -> bool:
    """Whether a place is a node or one inside it."""
    return place.startswith(path) and place[len(path) :][:1] in ("", ".", "[")


def check_place(original: Any, mutated: Any, path: str) -> None:
    """All that differs between two PrimFuncs lies at a path, or follows from a new buffer there.

    A buffer that the original does not have stands for one that it has, wherever that occurred: a
    buffer of another shape or scope is another variable.
    """
    found = differences(original, mutated)
    assert found, "nothing differs"
    outside = [place for place, _, _ in found if not is_below(place, f".body{path}")]
    assert not outside, f"{outside} differ, beside {path}"
    exchanged = [(x, y) for _, x, y in found if _is_buffer(x) and _is_buffer(y)]
    if not exchanged:
        return
    known = {hash(node) for _, node in nodes_below(original) if isinstance(node, ir.Var)}
    left = {hash(node) for _, node in nodes_below(mutated) if isinstance(node, ir.Var)}
    for old, new in exchanged:
        if hash(new) not in known:
            assert hash(old) not in left, f"{old} stands beside {new}, which replaces it"


def _is_buffer(node: Any) -> bool:
    return isinstance(node, ir.Var) and not isinstance(node.ty, ir.PrimType)


def check_type(original: Any, mutated: Any, path: str) -> None:
    """An expression is replaced by one of its type, and so is every expression around it."""
    steps = [match.end() for match in re.finditer(r"\.\w+(\[\d+\])?", path)]
    for end in (0, *steps):
        before, after = node_at(original, path[:end]), node_at(mutated, path[:end])
        if not isinstance(before, tirx.Stmt):
            same = tvm_ffi.structural_equal(before.ty, after.ty)
            assert same, f"{path[:end]}: {before.ty} has become {after.ty}"


def complaints(func: Any) -> list[str]:
    """What TVM's verifiers have against a PrimFunc."""
    flat = _core.stage_of(func) == "kernel"
    try:
        # Asked for an answer instead of an error, TVM's verifier of flat code can crash.
        (tirx if flat else s_tir).analysis.verify_well_formed(func, True)
    except ValueError as error:
        return [str(error)]
    if not flat:
        return []
    checks = {"ssa": tirx.analysis.verify_ssa(func), "memory": tirx.analysis.verify_memory(func)}
    return [name for name, passed in checks.items() if not passed]


def planted(mod: Any, mutant: Mutant) -> Any | None:
    """The mutant's module; ``None`` where a verifier refuses it, which it must say in words."""
    try:
        return plant(mod, mutant)
    except ValueError as error:
        says = REFUSED.search(str(error))
        assert says is not None, f"{mutant}: {error}"
        assert (says["id"], says["path"]) == (mutant.operator, mutant.path), error
        return None


def check_mutant(mod: Any, mutant: Mutant) -> bool:
    """A mutant is refused in words, or differs at its place alone and is accepted by TVM.

    Returns:
        Whether it was accepted.
    """
    assert Mutant.from_dict(json.loads(json.dumps(mutant.to_dict()))) == mutant
    changed = planted(mod, mutant)
    if changed is None:
        return False
    for var, func in mod.functions.items():
        if str(var.name_hint) != mutant.function:
            assert changed[var.name_hint].same_as(func), f"{mutant} changes {var.name_hint}"
    original, mutated = mod[mutant.function], changed[mutant.function]
    check_place(original, mutated, mutant.path)
    check_type(original, mutated, mutant.path)
    assert complaints(mutated) == [], mutant
    return True


def spread(found: list[Any], most: int) -> list[Any]:
    """At most so many of a list, from everywhere in it."""
    step = max(1, -(-len(found) // most))
    return found[::step]
