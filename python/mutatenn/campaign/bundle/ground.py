"""Whether a bundle stands on a campaign's ground: the same model, inputs, kernels and mutants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mutatenn.campaign.device_groups import lowering_of
from mutatenn.campaign.manifest import Manifest
from mutatenn.errors import InputError, MismatchError
from mutatenn.mutation.mutant import GRAPH_STAGES

_SHARED = ("model", "weights", "inputs", "kernels")
"""What lowerings of one graph have in common, before their schedules."""


def require_kernels(stage: str) -> None:
    """Refuse stages whose mutants are whole programs.

    Raises:
        InputError: mutants of the stage are no kernels.
    """
    if stage in GRAPH_STAGES:
        raise InputError(
            f"a bundle holds mutants of kernels, and those of stage {stage} are whole programs: "
            "give --stage kernel or tensor"
        )


def lead_of(stored: Manifest, device: str) -> str:
    """The campaign's device whose mutants another one runs too.

    Raises:
        InputError: the campaign has no mutants for it.
    """
    lowering = lowering_of(device)
    lowerings = stored.facts.get("lowerings", {})
    if lowering in lowerings:
        return str(lowerings[lowering]["devices"][0])
    first = str(stored.facts["options"]["device"][0])
    if stored.facts["options"]["stage"] == "kernel":
        raise InputError(
            f"the campaign's mutants of stage kernel belong to {', '.join(lowerings) or first}, "
            f"none to {lowering}: run it with --device {device} as well, or with --align"
        )
    return first


def require_same_ground(stored: Manifest, hashes: Mapping[str, Any], lowering: str) -> None:
    """Refuse a program that is not the campaign's.

    Args:
        stored: the campaign's manifest.
        hashes: ``Subject.hashes`` of the program.
        lowering: its lowering.

    Raises:
        MismatchError: the message names the first thing that differs.
    """
    own = stored.facts.get("lowerings", {}).get(lowering)
    wanted = stored.facts["hashes"] if own is None else own["hashes"]
    names = _SHARED if own is None else tuple(wanted)
    for name in names:
        if wanted[name] != hashes[name]:
            raise MismatchError(
                f"the campaign has another {name} hash than this program for {lowering}: "
                f"{_told(wanted[name], hashes[name])}"
            )


def _told(wanted: Any, found: Any) -> str:
    if not isinstance(wanted, dict):
        return f"{wanted}, not {found}"
    odd = [name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)]
    return f"{len(odd)} kernels differ, {min(odd)} among them"
