"""The archive of a bundle: its data, and the modules that run it."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mutatenn.device.portable.archive import write_archive

MODULES = (
    "mutatenn.errors",
    "mutatenn.exit_codes",
    "mutatenn.device.accelerator",
    "mutatenn.device.accelerator_client",
    "mutatenn.device.accelerator_results",
    "mutatenn.device.accelerator_variant",
    "mutatenn.device.bundle",
    "mutatenn.device.bundle.application",
    "mutatenn.device.bundle.contents",
    "mutatenn.device.bundle.inputs",
    "mutatenn.device.bundle.machine",
    "mutatenn.device.bundle.results",
    "mutatenn.device.bundle.run_file",
    "mutatenn.device.bundle.session",
    "mutatenn.device.failures",
    "mutatenn.device.layout",
    "mutatenn.device.limits",
    "mutatenn.device.records",
    "mutatenn.device.rows",
    "mutatenn.device.variant_plan",
    "mutatenn.lowering.variant",
)
"""Beside those of a worker: the executor of campaigns, and what drives it here."""
_MAIN = """import sys
from pathlib import Path

try:
    import numpy
except ImportError as error:
    print(f"error: a bundle needs NumPy ({error}): python -m pip install numpy", file=sys.stderr)
    sys.exit(5)

from mutatenn.device.bundle.application import main

main(Path(__file__).parent)
"""


def write_bundle(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write a bundle that ``python PATH`` runs; the same members give the same bytes.

    Args:
        path: where it goes.
        members: its data, by the names of ``contents``.
    """
    modules = {_member(name): _source(name) for name in MODULES}
    return write_archive(path, {**members, **modules}, _MAIN)


def _member(module: str) -> str:
    spec = importlib.util.find_spec(module)
    package = spec is not None and spec.submodule_search_locations is not None
    return module.replace(".", "/") + ("/__init__.py" if package else ".py")


def _source(module: str) -> bytes:
    spec: Any = importlib.util.find_spec(module)
    text: str = spec.loader.get_source(module)
    return text.encode()
