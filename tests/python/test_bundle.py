"""A bundle: what is in it, and what its run says of a device where neither TVM nor we are."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from accelerator_fixtures import pocl_cache  # noqa: F401
from bundle_fixtures import (  # noqa: F401
    ROWS,
    alone,
    bundle_of,
    bundled,
    lines_of,
    results,
    rows_file,
    started,
)
from mutatenn.campaign.bundle.build import Cargo
from mutatenn.device import AcceleratorDevice, Limits
from mutatenn.device.bundle.contents import Contents
from mutatenn.device.bundle.results import Results
from mutatenn.device.bundle.run_file import run_from_json
from mutatenn.exit_codes import ExitCode

Bundled = tuple[Path, Cargo]


def imports_of(source: bytes) -> set[str]:
    """Modules that a source imports as it runs, with what stands under ``TYPE_CHECKING`` left out.

    ``from a import b`` counts as ``a``, and as ``a.b``.
    """
    tree = ast.parse(source)
    idle = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in idle:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_a_bundle_needs_its_own_modules_numpy_and_what_drives_a_device_alone(
    bundled: Bundled,  # noqa: F811
) -> None:
    with zipfile.ZipFile(bundled[0]) as archive:
        names = archive.namelist()
        sources = {name: archive.read(name) for name in names if name.endswith(".py")}
    own = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in sources}
    assert len(own) > 30
    outside, absent = set(), set()
    for source in sources.values():
        for name in imports_of(source):
            top = name.partition(".")[0]
            if top != "mutatenn":
                outside.add(top)
            elif name not in own and name.rpartition(".")[0] not in own:
                absent.add(name)
    # ml_dtypes is for models in bfloat16 and its like alone.
    drivers = {"numpy", "pyopencl", "cupy", "ml_dtypes"}
    assert not absent
    assert outside - set(sys.stdlib_module_names) <= drivers
    assert {"numpy", "pyopencl"} <= outside


def test_the_same_model_and_seed_give_the_same_bytes(
    bundled: Bundled,  # noqa: F811
    tmp_path: Path,
) -> None:
    again, _ = bundle_of(tmp_path, sample=5)
    assert again.read_bytes() == bundled[0].read_bytes()


def test_a_bundle_says_what_is_in_it(bundled: Bundled) -> None:  # noqa: F811
    told = alone(bundled[0], "info").json
    assert (told["family"], told["model"], told["stage"]) == ("opencl", "digits.onnx", "kernel")
    assert told["rows"] == ROWS
    assert told["mutants"]["to run"] == 5
    assert told["inputs"] == {"input": ["float32", 1, 1, 8, 8]}
    assert told["hashes"]["model"] == bundled[1].subject.hashes()["model"]


def test_a_bundle_says_which_devices_it_sees(bundled: Bundled) -> None:  # noqa: F811
    assert "opencl:0" in alone(bundled[0], "devices").json["devices"]


def test_results_are_those_of_the_device_itself(
    bundled: Bundled,  # noqa: F811
    results: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    contents, kept = Contents(bundled[0]), Results.read(results)
    kernels = {k: contents.unpack(file, tmp_path) for k, file in contents.head["kernels"].items()}
    rows = contents.inputs()
    assert rows is not None
    device = AcceleratorDevice(
        "opencl:0", contents.plan, contents.weights(), kernels, rows, limits=Limits()
    )
    with device:
        golden = device.golden()
        stored = kept.golden(contents.plan, kept.facts["golden"]["rows_cached"])
        assert [one.tobytes() for one in stored.outputs] == [
            one.tobytes() for one in golden.outputs
        ]
        tried = [entry for entry in contents.mutants if entry["kernels"]]
        assert len(tried) == 5
        for entry in tried:
            ((kernel, file),) = entry["kernels"].items()
            run = device.run(kernel, contents.unpack(file, tmp_path))
            (told,) = kept.lines[entry["id"]]["runs"]
            same = run_from_json(told, stored.outputs, kept.answers(entry["id"]), "run0-")
            assert (same.fate, same.detail, same.rows) == (run.fate, run.detail, run.rows)
            assert [one.tobytes() for one in same.outputs] == [one.tobytes() for one in run.outputs]
            assert (same.outputs_b is None) == (run.outputs_b is None)


def test_results_tell_device_hashes_and_one_line_per_mutant(
    bundled: Bundled,  # noqa: F811
    results: Path,  # noqa: F811
) -> None:
    contents, facts = Contents(bundled[0]), json.loads((results / "result.json").read_text())
    assert facts["complete"] and facts["confirmed"] == len(contents.mutants)
    assert facts["device"] == "opencl:0" and "OpenCL" in facts["device_name"]
    assert facts["bundle"] == contents.sha256
    assert facts["inputs"] == contents.head["rows_sha256"]
    assert facts["timed_runs"] == 0 and facts["ms_per_row"] > 0
    assert len(facts["launch_seconds"]) == len(contents.plan.launches)
    assert {line["mutant"] for line in lines_of(results)} == {one["id"] for one in contents.mutants}


def test_times_are_medians_of_each_launch(
    bundled: Bundled,  # noqa: F811
    pocl_cache: None,  # noqa: F811
    tmp_path: Path,
) -> None:
    arguments = ("--mutants", "none", "--limit", 2, "--time", "--repeat", 2)
    told = alone(bundled[0], "run", "--out", tmp_path / "r", *arguments)
    assert told.code == 0, told.err
    facts = json.loads((tmp_path / "r" / "result.json").read_text())
    launches = Contents(bundled[0]).plan.launches
    assert [one["kernel"] for one in facts["launch_seconds"]] == [one.kernel for one in launches]
    assert all(one["seconds"] > 0 for one in facts["launch_seconds"])
    assert told.json["ms_per_row"] == facts["ms_per_row"] > 0
    assert facts["timed_runs"] == 2 and facts["complete"] is False


def test_a_run_that_was_killed_goes_on_where_it_stopped(
    bundled: Bundled,  # noqa: F811
    results: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    folder = tmp_path / "r"
    process = started(bundled[0], "run", "--out", folder)
    lines = folder / "mutants.jsonl"
    while process.poll() is None and not (lines.exists() and lines.read_bytes().count(b"\n") >= 2):
        time.sleep(0.05)
    process.kill()
    process.communicate()
    before = lines_of(folder)
    assert 2 <= len(before) < 5
    with lines.open("a") as file:
        file.write('{"mutant": "cut o')
    told = alone(bundled[0], "run", "--out", folder)
    assert told.code == 0, told.err
    assert lines_of(folder)[: len(before)] == before
    assert [one["mutant"] for one in lines_of(folder)] == [
        one["mutant"] for one in lines_of(results)
    ]
    assert told.json["complete"]


def test_a_folder_takes_no_results_on_other_inputs(
    bundled: Bundled,  # noqa: F811
    results: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    folder = tmp_path / "r"
    shutil.copytree(results, folder)
    told = alone(bundled[0], "run", "--out", folder, "--limit", 1)
    assert told.code == ExitCode.MISMATCH
    assert "holds results of another inputs" in told.err and "--out another folder" in told.err


def test_a_golden_run_that_answers_otherwise_ends_a_run_that_goes_on(
    bundled: Bundled,  # noqa: F811
    results: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    folder = tmp_path / "r"
    shutil.copytree(results, folder)
    with np.load(folder / "golden.npz") as stored:
        arrays = dict(stored)
    arrays["output-0"] = arrays["output-0"] + 1
    np.savez(folder / "golden.npz", **arrays)
    told = alone(bundled[0], "run", "--out", folder)
    assert told.code == ExitCode.BASELINE
    assert "The original's answers are not those in" in told.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--device", "cuda:0"), ExitCode.USAGE, "the bundle was made for opencl"),
        (("--device", "opencl:99"), ExitCode.ENVIRONMENT, "there is no device opencl:99"),
        (("--device", "tpu:0"), ExitCode.USAGE, "names no accelerator"),
        (("--mutants", "nobody"), ExitCode.USAGE, "the bundle has no mutant 'nobody'"),
        (("--inputs", "missing.npz"), ExitCode.USAGE, "missing.npz is no file of NumPy arrays"),
        (("--limit", "0"), ExitCode.USAGE, "'0' is no number of 1 or more"),
    ],
)
def test_a_run_that_cannot_be_is_refused_with_the_reason(
    bundled: Bundled,  # noqa: F811
    tmp_path: Path,
    arguments: tuple[str, ...],
    code: ExitCode,
    said: str,
) -> None:
    told = alone(bundled[0], "run", "--out", tmp_path / "r", *arguments)
    assert told.code == code
    assert said in told.err


def test_a_bundle_without_numpy_says_what_it_needs(bundled: Bundled) -> None:  # noqa: F811
    command = [sys.executable, "-I", "-S", str(bundled[0]), "info"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == ExitCode.ENVIRONMENT
    assert told.stderr.startswith("error: a bundle needs NumPy")


def test_inputs_of_a_file_are_taken_by_name_or_alone(
    bundled: Bundled,  # noqa: F811
    results: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    arguments = ("--inputs", rows_file(tmp_path), "--mutants", "none")
    told = alone(bundled[0], "run", "--out", tmp_path / "r", *arguments)
    assert told.code == 0, told.err
    ours = json.loads((tmp_path / "r" / "result.json").read_text())
    theirs = json.loads((results / "result.json").read_text())
    assert ours["inputs"] == theirs["inputs"]
    np.savez(tmp_path / "other.npz", a=np.zeros(2), b=np.zeros(2))
    told = alone(bundled[0], "run", "--out", tmp_path / "r", "--inputs", tmp_path / "other.npz")
    assert told.code == ExitCode.USAGE
    assert "holds the unknown array 'a'; give one per input: input" in told.err
