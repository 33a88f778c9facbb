"""The catalogue of operators: the native ones, and those of every plug-in that is installed."""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import tvm_ffi

from mutatenn import _core
from mutatenn.errors import PluginError
from mutatenn.plugin import Context, NativeLibrary, Operator, Parameter, Replacement
from mutatenn.tvm_errors import last_line

GROUP = "mutatenn.operators"
"""The entry point group under which distributions offer operators."""
EXPORT = "mutatenn_operators"
"""The function of a native plug-in that offers its operators, one by one."""
OWN = "mutatenn"
STAGES = ("tensor", "kernel", "graph", "weight")

Add = Callable[[Mapping[str, Any], Any, Any], None]


@dataclasses.dataclass(frozen=True)
class Origin:
    """The distribution that an operator comes from; ``mutatenn`` itself for those built in."""

    distribution: str
    version: str

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"


def catalogue() -> list[_core.Operator]:
    """All operators, sorted by id; the first call loads the plug-ins.

    Raises:
        PluginError: a plug-in cannot be loaded; the message says whose it is and what to do.
    """
    origins()
    return _core.catalogue()


def origins() -> dict[str, Origin]:
    """Where each operator comes from, by id; the first call loads the plug-ins.

    Raises:
        PluginError: as ``catalogue``.
    """
    found = _loaded()
    if isinstance(found, PluginError):
        raise found
    return found


@functools.cache  # a second load would find the ids of the first taken, also where one failed
def _loaded() -> dict[str, Origin] | PluginError:
    own = Origin(OWN, importlib.metadata.version(OWN))
    found = {op.id: own for op in _core.catalogue()}
    points = importlib.metadata.entry_points(group=GROUP)
    for point in sorted(points, key=lambda point: (_origin(point).distribution, point.name)):
        origin = _origin(point)
        try:
            _add(point.load(), origin)
        # Whatever a plug-in does wrong, its user wants to know whose it is.
        except Exception as error:
            told = PluginError(
                f"the operators of {origin} (entry point {point.name!r}) cannot be loaded: "
                f"{type(error).__name__}: {last_line(error)}; update it, or remove it by pip "
                f"uninstall {origin.distribution}"
            )
            told.__cause__ = error
            return told
        found |= {op.id: origin for op in _core.catalogue() if op.id not in found}
    return found


def plugin_versions(operators: Iterable[str]) -> dict[str, str]:
    """Version of each distribution other than mutatenn that some of the operators come from."""
    used = {origins()[name] for name in operators if name in origins()}
    return {
        o.distribution: o.version for o in sorted(used, key=str) if o.distribution != "mutatenn"
    }


def _origin(point: importlib.metadata.EntryPoint) -> Origin:
    if point.dist is None:
        return Origin("an unknown distribution", "")
    return Origin(point.dist.name, point.dist.version)


def _add(offered: object, origin: Origin) -> None:
    """Put what an entry point offers into the catalogue.

    Raises:
        TypeError: it offers something else than operators.
        ValueError: an operator is not well-formed, or its id is taken.
    """
    if isinstance(offered, NativeLibrary):
        _add_native(offered, origin)
    elif isinstance(offered, Operator):
        _add_to_catalogue(_spec(offered, origin), *_callbacks(offered))
    elif isinstance(offered, Sequence) and not isinstance(offered, str):
        for one in offered:
            _add(one, origin)
    else:
        raise TypeError(
            f"it is a {type(offered).__name__}, not an Operator, a NativeLibrary or a list of them"
        )


def _add_native(library: NativeLibrary, origin: Origin) -> None:
    def add(spec: Mapping[str, Any], replacements: Any, rewrite: Any) -> None:
        _add_to_catalogue({**spec, "origin": str(origin)}, replacements, rewrite)

    tvm_ffi.load_module(str(library.path)).get_function(EXPORT)(tvm_ffi.convert(add))


def _add_to_catalogue(spec: Mapping[str, Any], replacements: Any, rewrite: Any) -> None:
    op = dict(spec)
    taken = {other.id for other in _core.catalogue()}
    if op["id"] in taken:
        raise ValueError(f"there is an operator {op['id']!r} already: it needs an id of its own")
    unknown = [stage for stage in op["stages"] if stage not in STAGES]
    if unknown or not op["stages"]:
        raise ValueError(
            f"operator {op['id']!r} has the stages {list(op['stages'])}; give some of: "
            + ", ".join(STAGES)
        )
    _add_operator(op, replacements, rewrite)


_add_operator: Callable[[Mapping[str, Any], Any, Any], None] = tvm_ffi.get_global_func(
    "mutatenn.operators.Add"
)


def _callbacks(op: Operator) -> tuple[Any, Any]:
    """The two functions that the native engine calls, made from the one that a plug-in has."""

    def found(node: Any, context: Any, settings: Any) -> list[Replacement]:
        where = Context(
            str(context["path"]),
            context["parent"],
            tuple(context["ancestors"]),
            {str(name): str(value) for name, value in settings.items()},
        )
        return list(op.replacements(node, where))

    def replacements(node: Any, context: Any, settings: Any) -> list[dict[str, Any]]:
        return [
            {"settings": dict(one.settings), "semantics_preserving": one.semantics_preserving}
            for one in found(node, context, settings)
        ]

    def rewrite(node: Any, context: Any, settings: Any) -> Any:
        wanted = {str(name): str(value) for name, value in settings.items()}
        for one in found(node, context, settings):
            if _spelled(op.id, one.settings) == wanted:
                return one.node
        raise ValueError(f"it no longer has the replacement {wanted}")

    return tvm_ffi.convert(replacements), tvm_ffi.convert(rewrite)


def _spelled(op: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Settings as the engine writes them: ``0.5`` for ``.50``."""
    return _core.check_settings(op, dict(settings))


def _spec(op: Operator, origin: Origin) -> dict[str, Any]:
    return {
        "id": op.id,
        "category": op.category,
        "version": op.version,
        "stages": list(op.stages),
        "summary": op.summary,
        "fault_model": op.fault_model,
        "source": op.source,
        "suppressions": list(op.suppressions),
        "nodes": [_type_key(node) for node in op.nodes],
        "parameters": [_parameter(one) for one in op.parameters],
        "origin": str(origin),
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    return {**dataclasses.asdict(one), "choices": list(one.choices)}


def _type_key(node: Any) -> str:
    """The type key of a class of TVM; a key is one already.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(node, str):
        return node
    info = getattr(node, "__tvm_ffi_type_info__", None)
    if info is None:
        raise TypeError(f"{node!r} is no class of TVM's nodes, and no type key")
    return str(info.type_key)
