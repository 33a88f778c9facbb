"""All first-order mutants of a module, found by the native engine in one walk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import tvm
from tvm import relax

from mutatenn import _core
from mutatenn.catalogue import origins
from mutatenn.errors import InputError
from mutatenn.model.layers import bindings, layers_of
from mutatenn.mutation.location import node_at
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant, operator_versions
from mutatenn.transform import Site, selection


def enumerate_mutants(
    mod: Any,
    operators: Iterable[str],
    settings: Mapping[str, str] | None = None,
    *,
    redundant: bool = False,
) -> list[Mutant]:
    """Mutants, grouped by function (sorted by name), nodes in pre-order.

    Args:
        mod: an IRModule that holds TIR; a graph of operators for those of stage graph or weight.
        operators: ids from the catalogue.
        settings: parameters that every one of the operators must have; they narrow the
            replacements, never the numbering of sites.
        redundant: whether to list replacements that another of the operators makes redundant;
            one that the settings name outright is listed anyway.

    Raises:
        InputError: there is no such operator or parameter, or a value is not accepted.
    """
    chosen = list(operators)
    origins()  # the native engine knows operators of plug-ins once they are loaded
    try:
        table = _core.enumerate_mutants(mod, chosen, dict(settings or {}), redundant)
    except ValueError as error:
        raise InputError(str(error)) from error
    return _mutants(mod, table)


def select_mutants(
    mod: Any, operator: str, site: Site, settings: Mapping[str, str]
) -> list[Mutant]:
    """Mutants that the operator's pass plants when it is given ``site`` and these settings.

    Args:
        mod: an IRModule that holds TIR.
        operator: id from the catalogue.
        site: number of the place, several of them, a mutant id, or ``"all"``.
        settings: parameters of the operator.

    Raises:
        InputError: there is no such operator, parameter, choice or site, or nothing fits.
    """
    numbers, mutant_id, every = selection(site)
    origins()
    try:
        table = _core.select_mutants(mod, operator, numbers, mutant_id, every, dict(settings))
    except ValueError as error:
        raise InputError(str(error)) from error
    return _mutants(mod, table)


def _mutants(mod: Any, table: _core.MutantTable) -> list[Mutant]:
    versions = operator_versions()
    layers = layers_by_kernel(mod)
    graphs = {str(var.name_hint): func for var, func in mod.functions.items()}
    functions = table.kernels
    rows = zip(
        table.id,
        table.stage,
        table.operator,
        table.kernel.tolist(),
        table.site.tolist(),
        table.site_in_kernel.tolist(),
        table.path,
        table.replacement,
        table.semantics_preserving,
        strict=True,
    )
    return [
        Mutant(
            id=id_,
            operator=operator,
            version=versions[operator],
            stage=stage,
            lowering=table.lowerings[kernel],
            function=functions[kernel],
            site=site,
            site_in_function=site_in_function,
            path=path,
            settings=parse_settings(replacement),
            layers=layers_at(graphs[functions[kernel]], path)
            if stage in GRAPH_STAGES
            else layers.get(functions[kernel], ()),
            semantics_preserving=preserving,
        )
        for id_, stage, operator, kernel, site, site_in_function, path, replacement, preserving in (
            rows
        )
    ]


def parse_settings(text: str) -> dict[str, str]:
    """``"to=le,from=lt"`` → a dictionary; the empty text gives an empty one."""
    return dict(pair.split("=", 1) for pair in text.split(",")) if text else {}


def layers_by_kernel(mod: Any) -> dict[str, tuple[str, ...]]:
    """Names of the layers that each kernel computes, over all its launches, in graph order."""
    found: dict[str, dict[str, None]] = {}
    for function in mod.functions.values():
        if not isinstance(function, relax.Function):
            continue
        for binding in bindings(function):
            call = binding.value
            if isinstance(call, tvm.ir.Call) and call.args:
                callee = call.args[0]
                if isinstance(callee, tvm.ir.GlobalVar):
                    names = dict.fromkeys(layers_of(call))
                    found.setdefault(str(callee.name_hint), {}).update(names)
    return {kernel: tuple(names) for kernel, names in found.items()}


def layers_at(graph: Any, path: str) -> tuple[str, ...]:
    """Names of the layers that the call at a path in a graph, or around it, computes."""
    binding = re.match(r"(.*\.bindings\[\d+\])", path)
    return layers_of(node_at(graph, binding[1])) if binding else ()


def in_launch_order(mod: Any, mutants: Iterable[Mutant]) -> list[Mutant]:
    """Mutants ordered by the first launch of their function, then by place."""
    rank = {name: index for index, name in enumerate(_core.launch_order(mod))}
    # Graphs launch kernels and are launched by nobody.
    return sorted(
        mutants, key=lambda mutant: (rank.get(mutant.function, -1), mutant.site_in_function)
    )
