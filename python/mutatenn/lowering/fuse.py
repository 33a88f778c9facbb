"""A Relax module to fused kernels, each launch keeping the names of the layers it computes."""

from __future__ import annotations

from typing import Any

import tvm
from tvm import relax
from tvm.ir.instrument import pass_instrument

from mutatenn.errors import InputError, MutatennError
from mutatenn.model import layers

_LAUNCH = "mutatenn_launch_"
_CALL_TIR = ("relax.call_tir", "relax.call_tir_inplace")
_CALL_CODE = (*_CALL_TIR, "relax.call_dps_packed", "relax.call_pure_packed")


def fuse(mod: Any) -> Any:
    """Legalise and fuse a module by TVM's ``zero`` pipeline for the CPU.

    Each ``R.call_tir`` of the result's ``main`` carries the layers of all bindings that were fused
    into it. A module that is fused already comes back unchanged.

    Args:
        mod: a module with a Relax function ``main``; it is not changed.

    Raises:
        InputError: there is no Relax function ``main``.
        MutatennError: TVM's passes did something that layer names cannot be followed through.
    """
    if is_fused(mod):
        return mod.clone()
    with tvm.target.Target("llvm"):
        folded = _Snapshot("FuseOps")
        fused = _zero(_legalise(mod), folded)
        return _named(fused, _layers_of_launches(folded.taken()))


def is_fused(mod: Any) -> bool:
    """Whether ``main`` calls only kernels and packed functions: no operator, no Relax function.

    Raises:
        InputError: there is no Relax function ``main``.
    """
    values = (binding.value for binding in layers.bindings(_main(mod)))
    return all(_calls(value, _CALL_CODE) for value in values if isinstance(value, tvm.ir.Call))


def launches(mod: Any) -> list[Any]:
    """The bindings of ``main`` that call a kernel, in program order.

    Raises:
        InputError: there is no Relax function ``main``.
    """
    return [binding for binding in layers.bindings(_main(mod)) if _is_launch(binding.value)]


def _main(mod: Any) -> Any:
    names = sorted(str(var.name_hint) for var in mod.get_global_vars())
    main = mod["main"] if "main" in names else None
    if not isinstance(main, relax.Function):
        raise InputError(
            f"The module has no Relax function main (it has {', '.join(names) or 'no functions'}); "
            "give a whole model."
        )
    return main


def _is_launch(value: Any) -> bool:
    return _calls(value, _CALL_TIR)


def _calls(value: Any, operators: tuple[str, ...]) -> bool:
    if not isinstance(value, tvm.ir.Call) or not isinstance(value.op, tvm.ir.Op):
        return False
    return value.op.name in operators


def _legalise(mod: Any) -> Any:
    """Operators to ``call_tir``; what replaces a call carries its layers."""
    marked, groups = layers.mark(_main(mod))
    legal = mod.clone()
    legal["main"] = marked
    legal = relax.backend.DispatchSortScan()(legal)
    legal = relax.transform.LegalizeOps()(legal)
    legal["main"] = layers.unmark(legal["main"], groups)
    return legal


def _zero(mod: Any, *instruments: Any) -> Any:
    with tvm.transform.PassContext(instruments=list(instruments)):
        return relax.get_pipeline("zero")(mod.clone())


def _named(fused: Any, groups: list[tuple[layers.Layer, ...]]) -> Any:
    """The fused module with the layers of its launches, given in program order."""
    if len(launches(fused)) != len(groups):
        raise MutatennError(
            f"TVM fused {len(launches(fused))} launches from the model and {len(groups)} from its "
            "twin with distinct kernels: layer names cannot be told."
        )
    left = iter(groups)

    def change(binding: Any) -> list[Any]:
        if not _is_launch(binding.value):
            return [binding]
        named = layers.with_layers(binding.value, next(left))
        return [relax.VarBinding(binding.var, named, binding.span)]

    fused["main"] = layers.map_bindings(fused["main"], change)
    return fused


def _layers_of_launches(folded: Any) -> list[tuple[layers.Layer, ...]]:
    """Layers of each launch that fusion makes of a legalised module with constants folded.

    TVM shares one fused function between all launches that compute the same thing, so it does not
    say what went into which. A twin in which each launch calls a kernel of its own does.
    """
    twin, names = _twin(folded)
    parts = _Parts()
    found = []
    for binding in launches(_zero(twin, parts)):
        kernel = str(binding.value.args[0].name_hint)
        made_of = parts.by_function.get(kernel, [kernel])
        if any(part not in names for part in made_of):
            raise MutatennError(
                f"TVM's fusion made kernel {kernel} from none of the model's calls."
            )
        found.append(tuple(layer for part in made_of for layer in names[part]))
    return found


def _twin(mod: Any) -> tuple[Any, dict[str, tuple[layers.Layer, ...]]]:
    """A copy in which every launch of ``main`` has its own kernel; layers by kernel name."""
    twin = mod.clone()
    names: dict[str, tuple[layers.Layer, ...]] = {}

    def change(binding: Any) -> list[Any]:
        call = binding.value
        if not _is_launch(call):
            return [binding]
        shared = call.args[0]
        own = tvm.ir.GlobalVar(f"{_LAUNCH}{len(names)}")
        relax.expr._update_type(own, shared.ty)
        twin[own] = mod[shared].without_attr("global_symbol")
        names[str(own.name_hint)] = layers.layers(call)
        arguments = [own, *call.args[1:]]
        renamed = tvm.ir.Call(call.op, arguments, call.attrs, call.ty_args, None, call.ty)
        return [relax.VarBinding(binding.var, renamed, binding.span)]

    twin["main"] = layers.map_bindings(twin["main"], change)
    return twin, names


@pass_instrument
class _Snapshot:
    """Keeps a copy of the module that one pass of a pipeline is given."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: Any = None

    def run_before_pass(self, mod: Any, info: Any) -> None:
        if info.name == self._name:
            self._module = mod.clone()

    def taken(self) -> Any:
        if self._module is None:
            raise MutatennError(f"TVM's zero pipeline no longer runs the pass {self._name}.")
        return self._module


@pass_instrument
class _Parts:
    """Reads, right after FuseOps, which kernels each fused function calls, in order."""

    def __init__(self) -> None:
        self.by_function: dict[str, list[str]] = {}

    def run_after_pass(self, mod: Any, info: Any) -> None:
        if info.name != "FuseOps":
            return
        for var, function in mod.functions.items():
            if isinstance(function, relax.Function) and "Primitive" in (function.attrs or {}):
                self.by_function[str(var.name_hint)] = [
                    str(binding.value.args[0].name_hint)
                    for binding in layers.bindings(function)
                    if _is_launch(binding.value)
                ]
