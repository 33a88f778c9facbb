"""The report for mutation-testing-elements is valid, and its own tools compute our score."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn.report.formats.mutation_testing_elements import OWN, mutation_testing_elements, write
from mutatenn.report.record import Record
from mutatenn.report.summary import summary
from npm_fixtures import installed
from report_fixtures import every_kind, tiny  # noqa: F401

METRICS = """
import { calculateMutationTestMetrics } from 'mutation-testing-metrics';
import { readFileSync } from 'node:fs';
const report = JSON.parse(readFileSync(process.argv[2]));
console.log(JSON.stringify(calculateMutationTestMetrics(report).systemUnderTestMetrics.metrics));
"""


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of mutation-testing-elements, from npm."""
    folder = tmp_path_factory.mktemp("npm")
    (folder / "metrics.js").write_text(METRICS)
    installed(folder, *(f"mutation-testing-{name}@^3" for name in ("report-schema", "metrics")))
    return folder


@pytest.fixture(params=["tiny", "every_kind"])
def record(request: pytest.FixtureRequest) -> Record:
    found: Record = request.getfixturevalue(request.param)
    return found


def entries(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The mutants of all files, by id."""
    return {one["id"]: one for file in body["files"].values() for one in file["mutants"]}


def by_kind(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {id_.removeprefix("swap-cmp-"): one for id_, one in entries(body).items()}


def test_a_report_is_valid_by_the_packages_own_schema(record: Record, packages: Path) -> None:
    write(record)
    body = json.loads((record.folder / "report" / "report.mte.json").read_text())
    schema = packages / "node_modules" / "mutation-testing-report-schema" / "src"
    found = json.loads((schema / "mutation-testing-report-schema.json").read_text())
    jsonschema.Draft7Validator(found).validate(body)


def test_the_packages_own_metrics_are_our_score(record: Record, packages: Path) -> None:
    write(record)
    file = record.folder / "report" / "report.mte.json"
    command = ["node", "metrics.js", str(file)]
    done = subprocess.run(command, cwd=packages, capture_output=True, text=True, check=True)
    metrics, ours = json.loads(done.stdout), summary(record)
    assert metrics["mutationScore"] == pytest.approx(100 * ours["score"])
    counts = ours["counts"]
    assert metrics["totalDetected"] == counts["killed"]
    assert metrics["timeout"] == ours["kills"]["hang"]
    assert metrics["survived"] == counts["survived"]
    assert metrics["noCoverage"] == counts["not_reached"]
    assert metrics["runtimeErrors"] == counts["inconclusive"]
    assert metrics["compileErrors"] == counts["invalid"]
    preserving = sum(ours["semantics_preserving"].values())
    assert metrics["ignored"] == counts["equivalent"] + counts["duplicate"] + preserving


def test_every_verdict_has_its_status(every_kind: Record) -> None:  # noqa: F811
    told = {
        name: one["status"] for name, one in by_kind(mutation_testing_elements(every_kind)).items()
    }
    assert told == {
        **dict.fromkeys(("label", "everywhere", "several", "crash", "shape"), "Killed"),
        "hang": "Timeout",
        **dict.fromkeys(("survived", "joint"), "Survived"),
        "unreached": "NoCoverage",
        "invalid": "CompileError",
        **dict.fromkeys(("equivalent", "duplicate", "told-apart", "preserved"), "Ignored"),
        "inconclusive": "RuntimeError",
        "to-come": "Pending",
    }


def test_inputs_are_tests_that_kill(every_kind: Record) -> None:  # noqa: F811
    body = mutation_testing_elements(every_kind)
    (tests,) = body["testFiles"].values()
    names = {test["id"]: test["name"] for test in tests["tests"]}
    found = by_kind(body)
    assert [names[id_] for id_ in found["label"]["killedBy"]] == ["one.png"]
    # Of the inputs after the first that kills, the journal has the number alone.
    assert [names[id_] for id_ in found["several"]["killedBy"]] == ["one.png"]
    assert len(found["everywhere"]["killedBy"]) == len(found["everywhere"]["coveredBy"]) == 4
    assert "killedBy" not in found["survived"]
    assert found["unreached"]["coveredBy"] == []
    assert "coveredBy" not in found["label"]


def test_the_verdict_on_each_device_stands_beside_the_status(every_kind: Record) -> None:  # noqa: F811
    found = by_kind(mutation_testing_elements(every_kind))["label"][OWN]
    assert [(one["device"], one["verdict"]) for one in found["devices"]] == [
        ("llvm", "killed"),
        ("c", "survived"),
    ]


def test_a_place_that_is_not_known_is_told_as_such(every_kind: Record) -> None:  # noqa: F811
    for one in entries(mutation_testing_elements(every_kind)).values():
        assert not one[OWN]["place_known"]
        assert "is not known" in one[OWN]["place"]


def test_locations_lie_in_the_source(tiny: Record) -> None:  # noqa: F811
    body = mutation_testing_elements(tiny)
    assert entries(body).keys() >= {row["mutant"] for row in tiny.rows}
    for file in body["files"].values():
        lines = file["source"].splitlines()
        for one in file["mutants"]:
            start, end = one["location"]["start"], one["location"]["end"]
            assert (start["line"], start["column"]) < (end["line"], end["column"])
            assert end["column"] <= len(lines[end["line"] - 1]) + 1
            assert one[OWN]["place_known"]


def test_a_mutant_of_another_lowering_is_ignored(every_kind: Record) -> None:  # noqa: F811
    rows = [row for row in every_kind.all_rows if row["device"] == "c"]
    facts = {
        **every_kind.facts,
        "lowerings": {
            "one": {"devices": ["llvm"], "mutants": [[0, 1]], "population": 1},
            "two": {"devices": ["c"], "mutants": [[1, 12]], "population": 11},
        },
    }
    manifest = type(every_kind.manifest)(facts, every_kind.manifest.mutants)
    record = Record(every_kind.folder, manifest, facts, rows, "")
    found = by_kind(mutation_testing_elements(record))
    assert found["label"]["status"] == "Pending"
    assert found["survived"]["status"] == "Ignored"
    assert found["survived"]["statusReason"].startswith("not applicable on llvm")
