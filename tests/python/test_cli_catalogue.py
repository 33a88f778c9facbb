"""`operators`, `import`, `sites`, `--help`: what there is and where it applies."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import tvm
import tvm_ffi

import mutatenn as mn
from campaign_fixtures import Cli, cli  # noqa: F401
from mutatenn import _core
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode

COMMANDS = (
    *("operators", "import", "sites", "apply", "build", "run"),
    *("config", "show", "report", "demo"),
)


def test_the_help_lists_every_command(cli: Cli) -> None:  # noqa: F811
    answer = cli("--help")
    assert answer.code == ExitCode.OK
    listed = [line.split()[1] for line in answer.out.splitlines() if line.startswith("│ ")]
    assert set(COMMANDS) <= set(listed)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(cli: Cli, command: str) -> None:  # noqa: F811
    answer = cli(command, "--help")
    assert answer.code == ExitCode.OK
    assert f"mutatenn-ir {command}" in answer.out
    assert answer.err == ""


def test_operators_are_listed_as_the_catalogue_has_them(cli: Cli) -> None:  # noqa: F811
    rows = json.loads(cli("operators", "--json").out)
    assert [row["id"] for row in rows] == [op.id for op in _core.catalogue()]
    for row in rows:
        assert row["summary"] and row["fault_model"] and row["source"]
    table = cli("operators").out.splitlines()
    assert [line.split()[0] for line in table] == ["operator", *(row["id"] for row in rows)]


@pytest.mark.parametrize("name", ["m.json", "m.json.gz"])
def test_an_imported_model_is_one_that_tvm_reads(cli: Cli, tmp_path: Path, name: str) -> None:  # noqa: F811
    answer = cli("import", model_path(), "-o", tmp_path / name)
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    assert answer.out == f"wrote {tmp_path / name}: main\n"
    data = (tmp_path / name).read_bytes()
    text = gzip.decompress(data) if name.endswith(".gz") else data
    assert tvm_ffi.structural_equal(tvm.ir.load_json(text.decode()), mn.load(model_path()))


def test_sites_are_those_of_the_python_interface(cli: Cli) -> None:  # noqa: F811
    answer = cli("sites", model_path(), "--pass", "swap-cmp", "--json")
    assert answer.code == ExitCode.OK
    assert answer.err == "the model was legalised and fused first\n"
    rows = json.loads(answer.out)
    expected = mn.sites(mn.load(model_path()), "swap-cmp")
    assert [row["id"] for row in rows] == [mutant.id for mutant in expected]
    assert all(" < " in row["before"] or " <= " in row["before"] for row in rows)


def test_the_table_of_sites_has_a_line_per_place(cli: Cli) -> None:  # noqa: F811
    lines = cli("sites", model_path(), "--pass", "swap-cmp").out.splitlines()
    numbers = [int(line.split()[0]) for line in lines[1:-1]]
    assert numbers == list(range(len(numbers)))
    assert lines[-1].startswith(f"{len(numbers)} places, ")


def test_settings_narrow_the_replacements_and_not_the_numbering(cli: Cli) -> None:  # noqa: F811
    everything = json.loads(cli("sites", model_path(), "--pass", "swap-cmp", "--json").out)
    narrow = ["sites", model_path(), "--pass", "swap-cmp", "--set", "from=le", "--set", "to=gt"]
    rows = json.loads(cli(*narrow, "--json").out)
    assert 0 < len(rows) < len(everything)
    assert {row["settings"]["to"] for row in rows} == {"gt"}
    sites = {row["id"]: row["site"] for row in everything}
    assert all(sites[row["id"]] == row["site"] for row in rows if row["id"] in sites)
