"""``mutatenn-ir import``: a model to an IRModule in JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.cli.console import say
from mutatenn.cli.options import Batch, ModelFile, Trust
from mutatenn.errors import InputError
from mutatenn.model import load, save


def import_(
    model: ModelFile,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="File to write: .json, or .json.gz for gzip."),
    ],
    batch: Batch = None,
    trust: Trust = False,
) -> None:
    """Write a model as an IRModule in JSON, weights inside, that `tvm.ir.load_json` reads."""
    require_json_name(output)
    mod = load(model, batch=batch, trust=trust)
    save(mod, output)
    names = ", ".join(sorted(str(var.name_hint) for var in mod.get_global_vars()))
    say(f"wrote {output}: {names}")


def require_json_name(path: Path) -> None:
    """Refuse names that could not be read back.

    Raises:
        InputError: the name ends neither in .json nor in .json.gz.
    """
    if not path.name.lower().endswith((".json", ".json.gz")):
        raise InputError(f"{path} ends neither in .json nor in .json.gz; give such a name")
