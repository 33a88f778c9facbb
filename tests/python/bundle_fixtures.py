"""Bundles of the demo, run as their users run them: without TVM and without an installation."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accelerator_fixtures import pocl_cache  # noqa: F401
from mutatenn.campaign.bundle.build import Cargo, build_bundle
from mutatenn.campaign.bundle.cargo import cargo_of_model
from mutatenn.campaign.options import Options
from mutatenn.demo import inputs_path, model_path

ROWS = 4
ALLOWED = ("numpy", "pyopencl", "pytools", "siphash24", "platformdirs", "typing_extensions")
"""What a fresh environment with NumPy and PyOpenCL holds."""

_ALONE = """
import importlib.abc, runpy, sys

class Wall(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        known = {{"__main__", *{allowed!r}, *sys.stdlib_module_names}}
        if path is None and top not in known:
            if top == "mutatenn" and sys.path[0] == {bundle!r}:
                return None  # the bundle's own, which comes first
            raise ModuleNotFoundError(f"there is no {{name}} here", name=name)
        return None

sys.meta_path.insert(0, Wall())
sys.argv = {argv!r}
runpy.run_path({bundle!r}, run_name="__main__")
"""


@dataclasses.dataclass(frozen=True)
class Told:
    """What an application said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def rows_file(folder: Path, rows: int = ROWS) -> Path:
    """The demo's first images, with their labels."""
    path = folder / f"rows-{rows}.npz"
    with np.load(inputs_path()) as shipped:
        np.savez(path, images=shipped["images"][:rows], labels=shipped["labels"][:rows])
    return path


def options(folder: Path, **changes: Any) -> Options:
    """The options of a bundle of the demo."""
    given: dict[str, Any] = {
        "operators": ("swap-cmp", "swap-arith"),
        "device": ("opencl:0",),
        "seed": 3,
    }
    given |= {"model": model_path(), "inputs": rows_file(folder), "out": folder / "m.pyz"}
    return Options(**(given | changes))


def bundle_of(folder: Path, name: str = "m.pyz", **changes: Any) -> tuple[Path, Cargo]:
    """A bundle of the demo with its rows, and what it was made of."""
    wanted = options(folder, **changes)
    cargo = cargo_of_model(wanted, wanted.inputs)
    build_bundle(cargo, folder / name)
    return folder / name, cargo


def command(bundle: Path, *arguments: object) -> list[str]:
    """What runs a bundle where nothing else of this environment can be imported."""
    argv = [str(bundle), *map(str, arguments)]
    text = _ALONE.format(allowed=ALLOWED, bundle=str(bundle), argv=argv)
    return [sys.executable, "-I", "-c", text]


def started(bundle: Path, *arguments: object) -> subprocess.Popen[str]:
    """A bundle that runs."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command(bundle, *arguments), stdout=pipe, stderr=pipe, text=True, env=_environment()
    )


def alone(bundle: Path, *arguments: object) -> Told:
    """Run a bundle to its end."""
    process = started(bundle, *arguments)
    out, err = process.communicate(timeout=600)
    return Told(process.returncode, out, err)


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cargo]:
    """A bundle of the demo with five mutants to run, and what it was made of."""
    return bundle_of(tmp_path_factory.mktemp("bundle"), sample=5)


@pytest.fixture(scope="session")
def results(
    bundled: tuple[Path, Cargo],
    tmp_path_factory: pytest.TempPathFactory,
    pocl_cache: None,  # noqa: F811
) -> Path:
    """What a whole run of that bundle left."""
    folder = tmp_path_factory.mktemp("results") / "r"
    told = alone(bundled[0], "run", "--device", "opencl:0", "--out", folder)
    assert told.code == 0, told.err
    return folder


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def lines_of(folder: Path) -> list[dict[str, Any]]:
    """What was written of each mutant."""
    return [json.loads(line) for line in (folder / "mutants.jsonl").read_text().splitlines()]
