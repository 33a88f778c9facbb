"""The command line on a model's graph: `sites`, `apply` and `build` without lowering."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tvm
from tvm import relax

from campaign_fixtures import Cli, cli  # noqa: F401
from mutatenn.demo import inputs_path, model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.model import load


@pytest.fixture
def model() -> str:
    return str(model_path())


def test_sites_lists_the_calls_of_the_graph(cli: Cli, model: str) -> None:  # noqa: F811
    answer = cli("sites", model, "--pass", "replace-op", "--json")
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    rows = json.loads(answer.out)
    assert {row["stage"] for row in rows} == {"graph"}
    assert all(row["path"].endswith(".value") and row["before"].startswith("R.") for row in rows)
    assert rows[0]["layers"]
    same = cli("sites", model, "--pass", "replace-op", "--stage", "graph", "--json")
    assert same.out == answer.out


def test_sites_lists_weights_by_their_values(cli: Cli, model: str) -> None:  # noqa: F811
    answer = cli("sites", model, "--pass", "zero-channel")
    assert answer.code == ExitCode.OK, answer.err
    assert "float32" in answer.out and " from -" in answer.out


@pytest.mark.parametrize("operator", ["replace-op", "flip-bit"])
def test_apply_writes_a_graph_that_builds(
    cli: Cli,  # noqa: F811
    model: str,
    tmp_path: Path,
    operator: str,
) -> None:
    output = tmp_path / "m.json"
    answer = cli("apply", model, "--pass", operator, "-o", output)
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    assert answer.out.startswith(f"{operator}-") and "in main (" in answer.out
    mutated = tvm.ir.load_json(output.read_text())
    assert len(mutated.functions) == len(load(model_path()).functions)
    assert cli("build", output, "-o", tmp_path / "m.so").code == ExitCode.OK


@pytest.mark.parametrize(
    "arguments",
    [
        ["--pass", "replace-op", "--set", "from=nn.relu", "--set", "to=sigmoid"],
        ["--pass", "insert-op", "--set", "op=transpose", "--set", "functions=nn.conv2d"],
        ["--pass", "insert-op", "--set", "op=exp", "--set", "functions=nn.conv2d", "--at", "all"],
    ],
)
def test_what_apply_writes_builds_and_runs(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    arguments: list[str],
) -> None:
    original, mutant = tmp_path / "model.json", tmp_path / "m.json"
    assert cli("import", model_path(), "-o", original).code == ExitCode.OK
    assert cli("apply", original, *arguments, "-o", mutant).code == ExitCode.OK
    given = []
    for module in (original, mutant):
        library = module.with_suffix(".so")
        assert cli("build", module, "-o", library).code == ExitCode.OK
        machine = relax.VirtualMachine(tvm.runtime.load_module(str(library)), tvm.cpu())
        with np.load(inputs_path()) as stored:
            row = tvm.runtime.tensor(stored["images"][0])
        given.append(machine["main"](row).numpy())
    assert given[0].shape == given[1].shape == (1, 10)
    assert not np.array_equal(given[0], given[1])


def test_build_plants_in_the_graph_first(cli: Cli, model: str, tmp_path: Path) -> None:  # noqa: F811
    arguments = ["--pass", "insert-op", "--set", "op=negative"]
    answer = cli("build", model, "-o", tmp_path / "m.so", *arguments)
    assert answer.code == ExitCode.OK, answer.err
    assert "planted insert-op-" in answer.err and " in main" in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--pass", "replace-op", "--stage", "kernel"], "replace-op works at stage graph, not at"),
        (["--pass", "swap-cmp", "--stage", "weight"], "swap-cmp works at stage tensor or kernel"),
        (["--pass", "replace-op", "--schedule", "default"], "leave out --schedule"),
    ],
)
def test_a_stage_that_does_not_fit_is_refused(
    cli: Cli,  # noqa: F811
    model: str,
    arguments: list[str],
    words: str,
) -> None:
    answer = cli("sites", model, *arguments)
    assert answer.code == ExitCode.USAGE and words in answer.err


def test_an_id_that_the_graph_does_not_have_is_told(cli: Cli, model: str) -> None:  # noqa: F811
    answer = cli("apply", model, "--pass", "drop-op", "--at", "drop-op-0123456789abcdef")
    assert answer.code == ExitCode.USAGE
    assert "drop-op has no mutant drop-op-0123456789abcdef in this graph" in answer.err
