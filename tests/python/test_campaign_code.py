"""A campaign's folder keeps the code that mutants are planted in, small and as it prints."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from tvm import IRModule

from campaign_fixtures import demo_options, digits  # noqa: F401
from mutatenn.campaign.code import code_text, read_code
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.subject import Subject
from mutatenn.report.places import Places


def prepared(digits: Path, out: Path, **changes: Any) -> tuple[Subject, dict[str, Any]]:  # noqa: F811
    """A subject, and the modules that are kept of it."""
    subject = Subject.prepare(demo_options(digits, out / "out", **changes))
    (out / "code.json").write_text(code_text(subject))
    return subject, dict(read_code(out / "code.json"))


@pytest.mark.parametrize("stage", ["graph", "weight", "tensor", "kernel"])
def test_code_prints_as_the_module_that_mutants_are_planted_in(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    stage: str,
) -> None:
    subject, modules = prepared(digits, tmp_path, stage=stage)
    (module,) = modules.values()
    names = [str(var.name_hint) for var in module.functions]
    assert names
    for name in names:
        kept, own = IRModule({name: module[name]}), IRModule({name: subject.module[name]})
        assert kept.script() == own.script()


def test_the_weights_of_a_graph_are_not_kept(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    subject, _ = prepared(digits, tmp_path, stage="graph")
    weights = sum(array.nbytes for array in subject.lowered.weights.values())
    assert (tmp_path / "code.json").stat().st_size < weights


def test_each_lowering_has_code_of_its_own_at_stage_kernel(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    devices = ("llvm", "opencl:0")
    subject, modules = prepared(
        digits, tmp_path, stage="kernel", schedule="default", device=devices
    )
    assert list(modules) == ["cpu", "opencl"]
    manifest = subject.manifest()
    places = Places(manifest, modules)
    for device, lowering in zip(devices, modules, strict=True):
        mutant = manifest.of(device)[0]
        place = places.of(mutant)
        assert place.file == f"kernels/{lowering}/{mutant.function}.py"
        assert place.known
        assert places.text(mutant).count(f"def {mutant.function}(") == 1


def test_aligned_devices_share_their_code(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    subject, modules = prepared(
        digits, tmp_path, stage="tensor", align=True, device=("llvm", "opencl:0")
    )
    assert list(modules) == ["cpu"]
    mutants = subject.manifest().mutants[:5]
    places = Places(Manifest(dataclasses.asdict(subject.options), mutants), modules)
    assert all(places.of(mutant).known for mutant in mutants)
