"""The mutation operators as TVM passes, one class per entry of the native catalogue.

Each class is an ordinary module pass made by native code::

    tvm.transform.Sequential([relax.transform.LegalizeOps(), SwapCmp(site=3, to="le")])
"""

from __future__ import annotations

import functools
import inspect
import keyword
from collections.abc import Iterable, Mapping
from numbers import Real
from operator import index
from typing import Any, SupportsIndex

import tvm_ffi
from tvm.ir.transform import ModulePass

from mutatenn import _core
from mutatenn.catalogue import catalogue

Site = SupportsIndex | str | Iterable[SupportsIndex]
Value = str | float
"""A parameter's value; numbers may also be written as text."""


class MutationPass(ModulePass):  # type: ignore[misc]
    """A module pass that plants faults of one operator; see its subclasses."""

    operator: _core.Operator

    def __init__(self, *, site: Site = 0, function: str = "", **settings: Value | None) -> None:
        """Prepare the pass; the module is looked at when the pass runs.

        Args:
            site: number of the place, several of them, a mutant id, or ``"all"``. Numbers count
                the operator's places over the whole module (functions sorted by name, nodes in
                pre-order) and do not depend on the settings.
            function: narrows the pass to one TIR function; numbers then count within it.
            **settings: the operator's parameters; ``None`` is the same as leaving one out.

        Raises:
            TypeError: ``site`` is none of the above.
            ValueError: there is no such parameter, or it does not accept the value.
        """
        given = {
            plain_name(name): plain_value(value)
            for name, value in settings.items()
            if value is not None
        }
        numbers, mutant_id, every = selection(site)
        self.__init_handle_by_constructor__(
            _make_pass, self.operator.id, numbers, mutant_id, every, function, given
        )


_make_pass = tvm_ffi.get_global_func("mutatenn.transform.Pass")


def selection(site: Site) -> tuple[list[int], str, bool]:
    """Split ``site`` into numbers, a mutant id, and whether all are meant.

    Raises:
        TypeError: ``site`` is none of these.
    """
    if isinstance(site, str):
        return [], "" if site == "all" else site, site == "all"
    try:
        several = site if isinstance(site, Iterable) else [site]
        numbers = [_number(number) for number in several]
    except TypeError:
        raise TypeError(
            f"site must be a number, several, a mutant id or 'all', not {site!r}"
        ) from None
    return numbers, "", False


def _number(value: SupportsIndex) -> int:
    """An integer of any kind; ``True`` is a slip, not a place."""
    if isinstance(value, bool):
        raise TypeError
    return index(value)


def class_name(operator_id: str) -> str:
    """``swap-cmp`` → ``SwapCmp``."""
    return "".join(part.capitalize() for part in operator_id.split("-"))


def parameter_name(name: str) -> str:
    """Python spelling of a parameter: ``from`` → ``from_``, ``a-b`` → ``a_b``."""
    name = name.replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


def plain_name(name: str) -> str:
    """The catalogue's spelling of a Python parameter name."""
    return name.rstrip("_").replace("_", "-")


def plain_value(value: Value) -> str:
    """A value as text: ``0.5`` → ``"0.5"``, ``True`` → ``"true"``.

    Raises:
        TypeError: it is neither text nor a number.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (str, Real)):
        raise TypeError(f"a parameter's value must be text or a number, not {value!r}")
    return str(value)


def annotation(form: str) -> str:
    """The Python type of a parameter, by the form of its values."""
    kinds = {"choice": "str", "integer": "int", "number": "float", "operators": "str"}
    return f"{kinds[form]} | None"


def documentation(op: _core.Operator) -> str:
    """The operator's docstring, made from the catalogue."""
    lines = [op.summary, "", f"Fault model: {op.fault_model}", f"Source: {op.source}"]
    lines += [f"Operator ``{op.id}``, version {op.version}, stages: {', '.join(op.stages)}.", ""]
    lines.append("Args:")
    lines.append("    site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.")
    lines.append("    function: narrows the pass to one TIR function.")
    for parameter in op.parameters:
        lines.append(
            f"    {parameter_name(parameter.name)}: {parameter.summary} "
            f"Takes {parameter.accepted}; by default {parameter.when_absent}."
        )
    lines += ["", "Raises:"]
    lines.append("    ValueError: when it runs on a module without such a site, or when the")
    lines.append("        result is refused by TVM's verifier; the message says which.")
    if op.suppressions:
        lines += ["", "Left alone: " + "; ".join(op.suppressions) + "."]
    if op.redundant:
        lines += ["", f"Redundant, in campaigns only on request: {op.redundant}."]
    if op.semantics_preserving:
        lines += ["", f"Semantics-preserving, in no score: {op.semantics_preserving}."]
    return "\n".join(lines)


def signature(op: _core.Operator) -> inspect.Signature:
    """The constructor's signature, made from the catalogue."""
    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("site", kind, default=0, annotation="Site"),
        inspect.Parameter("function", kind, default="", annotation="str"),
    ]
    parameters += [
        inspect.Parameter(parameter_name(p.name), kind, default=None, annotation=annotation(p.form))
        for p in op.parameters
    ]
    return inspect.Signature(parameters)


def _make_class(op: _core.Operator) -> type[MutationPass]:
    members: Mapping[str, Any] = {
        "operator": op,
        "__doc__": documentation(op),
        "__signature__": signature(op),
        "__module__": __name__,
    }
    return type(class_name(op.id), (MutationPass,), dict(members))


PASSES: dict[str, type[MutationPass]] = {op.id: _make_class(op) for op in _core.catalogue()}
"""Pass classes of the operators that are built in, by operator id."""


def pass_of(operator: str) -> type[MutationPass]:
    """The pass class of an operator, built in or of a plug-in.

    Raises:
        KeyError: there is no such operator.
        PluginError: a plug-in cannot be loaded.
    """
    return PASSES.get(operator) or _plugin_passes()[operator]


@functools.cache
def _plugin_passes() -> dict[str, type[MutationPass]]:
    return {op.id: _make_class(op) for op in catalogue() if op.id not in PASSES}


def __getattr__(name: str) -> type[MutationPass]:
    """The pass class of a plug-in's operator, by its name."""
    if not name.startswith("_"):
        for made in _plugin_passes().values():
            if made.__name__ == name:
                return made
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


globals().update({cls.__name__: cls for cls in PASSES.values()})
__all__ = ["PASSES", "MutationPass", "Site", "Value", "pass_of"]
__all__ += [cls.__name__ for cls in PASSES.values()]
