"""What must hold of any mutant of any graph, checked without a word about its operator."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import tvm
import tvm_ffi
from tvm import relax

from mutatenn.model.layers import bindings
from mutatenn.mutation.mutant import Mutant, plant

REFUSED = re.compile(
    r"^operator (?P<id>[\w-]+) \(version \d+\) at (?P<path>\S*) .*is refused by "
    r"(?P<by>TVM's type inference|\S+): (?P<words>.*\w)",
    re.DOTALL,
)
_PLACE = re.compile(r"\.body\.blocks\[\d+\]\.bindings\[(\d+)\]\.value(?:\.args\[(\d+)\])?")


def place_of(mutant: Mutant) -> tuple[int, int | None]:
    """Index of the binding that a path names, and of the argument; graphs have one block here."""
    found = _PLACE.fullmatch(mutant.path)
    assert found, mutant.path
    return int(found[1]), None if found[2] is None else int(found[2])


def check_weights(before: Any, after: Any, index: int, argument: int) -> None:
    """One constant differs, in its values alone; all else are the same objects."""
    assert before.body.body.same_as(after.body.body)
    for number, (old, new) in enumerate(zip(bindings(before), bindings(after), strict=True)):
        if number != index:
            assert old.same_as(new), f"binding {number} differs"
            continue
        assert old.var.same_as(new.var) and old.value.op.same_as(new.value.op)
        assert tvm_ffi.structural_equal(old.value.attrs, new.value.attrs)
        pairs = zip(old.value.args, new.value.args, strict=True)
        differing = [i for i, (x, y) in enumerate(pairs) if not x.same_as(y)]
        assert differing == [argument]
        was, now = (
            np.asarray(call.args[argument].value.numpy()) for call in (old.value, new.value)
        )
        assert (was.shape, was.dtype) == (now.shape, now.dtype)
        assert was.tobytes() != now.tobytes()


def check_calls(before: Any, after: Any, index: int) -> None:
    """Calls before the place are the same objects; those after it differ in what they read of it.

    Some before it may be gone, where nothing but the place needed them.
    """
    old, new = list(bindings(before)), list(bindings(after))
    rest = old[index + 1 :]
    kept, made = old[:index], new[: len(new) - len(rest)]
    assert all(x.same_as(y) for x, y in zip(before.params, after.params, strict=True))
    start = 0
    gone: list[Any] = []
    for binding in kept:
        if start < len(made) and made[start].same_as(binding):
            start += 1
        else:
            gone.append(binding)
    made = made[start:]
    lost = {hash(binding.var) for binding in gone}
    meaning = {hash(one.var): one.var for one in kept if hash(one.var) not in lost}
    place = old[index].var
    for old_one, new_one in zip(rest, new[len(new) - len(rest) :], strict=True):
        _match(old_one.value, new_one.value, meaning, place)
        meaning[hash(old_one.var)] = new_one.var
    _match(before.body.body, after.body.body, meaning, place)
    assert not (len(made) == 1 and made[0].same_as(old[index])), "nothing differs"
    for binding in gone:
        needed = [one for one in old if hash(binding.var) in _reads(one.value)]
        own = {*lost, hash(place)}
        assert all(hash(one.var) in own for one in needed), f"{binding} is gone"


def _reads(expr: Any) -> set[int]:
    return {hash(var) for var in relax.analysis.all_vars(expr)}


def _match(old: Any, new: Any, meaning: dict[int, Any], place: Any) -> None:
    """Two expressions are the same, up to what variables have become; the place's is found out."""
    if isinstance(old, relax.Var):
        if old.same_as(place) and hash(old) not in meaning:
            meaning[hash(old)] = new
        assert meaning.get(hash(old), old).same_as(new), f"{old} has become {new}"
    elif isinstance(old, tvm.ir.Call):
        assert isinstance(new, tvm.ir.Call) and old.op.same_as(new.op), f"{old} has become {new}"
        assert tvm_ffi.structural_equal(old.attrs, new.attrs)
        for x, y in zip(old.args, new.args, strict=True):
            _match(x, y, meaning, place)
    elif isinstance(old, relax.Tuple):
        for x, y in zip(old.fields, new.fields, strict=True):
            _match(x, y, meaning, place)
    elif isinstance(old, relax.TupleGetItem):
        assert int(old.index) == int(new.index)
        _match(old.tuple_value, new.tuple_value, meaning, place)
    else:
        assert old.same_as(new) or tvm_ffi.structural_equal(old, new), f"{old} has become {new}"


def planted(mod: Any, mutant: Mutant) -> Any | None:
    """The mutant's module; ``None`` where TVM refuses it, which must come with TVM's words."""
    try:
        return plant(mod, mutant)
    except ValueError as error:
        says = REFUSED.search(str(error))
        assert says is not None, f"{mutant}: {error}"
        assert (says["id"], says["path"]) == (mutant.operator, mutant.path), error
        return None


def check_place(before: Any, after: Any, mutant: Mutant) -> None:
    """All that differs between two graphs lies at the place that a mutant names."""
    index, argument = place_of(mutant)
    if mutant.stage == "weight":
        assert argument is not None
        check_weights(before, after, index, argument)
    else:
        assert argument is None
        check_calls(before, after, index)


def check_mutant(mod: Any, mutant: Mutant) -> bool:
    """A mutant is refused in words, or differs at its place alone and is well-formed.

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
    before, after = mod[mutant.function], changed[mutant.function]
    assert not tvm_ffi.structural_equal(before, after), f"{mutant} is the original"
    check_place(before, after, mutant)
    relax.analysis.well_formed(changed)
    return True


def constants_read_twice(mod: Any) -> dict[int, list[tuple[int, int]]]:
    """By constant: binding and argument of each of its uses, where there are several."""
    uses: dict[int, list[tuple[int, int]]] = {}
    for index, binding in enumerate(bindings(mod["main"])):
        for number, argument in enumerate(getattr(binding.value, "args", ())):
            if isinstance(argument, tvm.ir.GenericConst):
                uses.setdefault(hash(argument), []).append((index, number))
    return {key: places for key, places in uses.items() if len(places) > 1}
