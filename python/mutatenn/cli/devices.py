"""``mutatenn-ir devices``: what there is to run kernels on, and how to get the rest."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from mutatenn.cli.console import say_json, say_table
from mutatenn.cli.options import Json
from mutatenn.device.survey import SECONDS, Entry, take_inventory

Limit = Annotated[
    float,
    typer.Option("--limit", help="Seconds that a device may take to answer its self-test.", min=1),
]
_MIB = 1 << 20


def devices(limit: Limit = SECONDS, as_json: Json = False) -> None:
    """List devices; each compiles and runs a tiny kernel in a process of its own."""
    found = take_inventory(seconds=limit)
    if as_json:
        say_json([entry.to_dict() for entry in found])
        return
    say_table(
        ["device", "state", "what it is, or what to do"],
        [[entry.device, entry.state, _told(entry)] for entry in found],
    )


def _told(entry: Entry) -> str:
    """One line: properties, then the reason why it cannot be used, then what to do."""
    parts = [_described(entry.family, entry.properties) if entry.properties else ""]
    return "; ".join(part for part in (*parts, entry.reason, entry.advice) if part)


def _described(family: str, found: dict[str, Any]) -> str:
    if family == "llvm":
        return (
            f"LLVM {found['llvm']} of TVM {found['tvm']}, {found['cpu']} ({found['machine']}), "
            f"{found['threads']} threads"
        )
    if family == "c":
        return f"{found['version']} at {found['compiler']}"
    memory = f"{found['memory_bytes'] // _MIB} MiB"
    if family == "cuda":
        return (
            f"{found['name']}, compute capability {found['compute_capability']}, "
            f"{found['multiprocessors']} multiprocessors, {memory}"
        )
    floats = " ".join(name for name in ("fp16", "fp64") if found[name]) or "float32 only"
    return (
        f"{found['name']}, {found['platform']} ({found['platform_version']}), "
        f"{found['compute_units']} compute units, work-groups of up to "
        f"{found['max_work_group_size']}, {found['local_memory_bytes'] // 1024} KiB local, "
        f"{memory}, {floats}"
    )
