"""The SARIF log is one by the specification, and tells survivors by stable fingerprints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from sarif_pydantic import Sarif

from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn import _core
from mutatenn.report.formats.sarif import FINGERPRINT, sarif, write
from mutatenn.report.record import Record
from report_fixtures import all_rows, every_kind, record_of, tiny  # noqa: F401

UNMODELLED = {"runs.columnKind"}
"""Properties of SARIF 2.1.0, section 3.14.17, that the package's model has no field for."""


@pytest.fixture(params=["tiny", "every_kind"])
def record(request: pytest.FixtureRequest) -> Record:
    found: Record = request.getfixturevalue(request.param)
    return found


def unknown(value: Any, where: str = "") -> Iterator[str]:
    """Properties that the model of SARIF does not have."""
    if isinstance(value, BaseModel):
        yield from (f"{where}.{name}".lstrip(".") for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from unknown(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, list):
        for one in value:
            yield from unknown(one, where)


def results(record: Record) -> dict[str, dict[str, Any]]:
    """Results by the last part of the mutant's id."""
    found = sarif(record)["runs"][0]["results"]
    return {one["properties"]["mutant"].removeprefix("swap-cmp-"): one for one in found}


def test_a_log_has_properties_of_sarif_alone(record: Record) -> None:
    write(record)
    text = (record.folder / "report" / "report.sarif").read_text()
    assert set(unknown(Sarif.model_validate_json(text))) == UNMODELLED


def test_a_log_has_what_the_specification_requires(record: Record) -> None:
    # Sections 3.13.2, 3.14.6, 3.19.2, 3.27.11, 3.27.5 and 3.30.5 to 3.30.8 of SARIF 2.1.0.
    body = sarif(record)
    (run,) = body["runs"]
    assert body["version"] == "2.1.0"
    rules, files = run["tool"]["driver"]["rules"], run["artifacts"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert run["results"]
    for one in run["results"]:
        assert one["message"]["text"].endswith(".")
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["level"] in ("error", "warning", "note")
        (place,) = one["locations"]
        place = place["physicalLocation"]
        file = files[place["artifactLocation"]["index"]]
        assert file["location"]["uri"] == place["artifactLocation"]["uri"]
        lines, region = file["contents"]["text"].splitlines(), place["region"]
        assert 1 <= region["startLine"] <= region["endLine"] <= len(lines)
        assert 1 <= region["startColumn"] <= len(lines[region["startLine"] - 1])
        assert region["endColumn"] <= len(lines[region["endLine"] - 1]) + 1


def test_only_what_is_worth_a_look_is_a_result(every_kind: Record) -> None:  # noqa: F811
    # What was killed by label on the first device survived on the second.
    assert {name: one["level"] for name, one in results(every_kind).items()} == {
        **dict.fromkeys(("label", "survived", "joint"), "warning"),
        "unreached": "note",
        "told-apart": "error",
    }


def test_fingerprints_are_the_mutants_ids_whatever_the_order(every_kind: Record) -> None:  # noqa: F811
    again = record_of(every_kind.folder, list(reversed(all_rows())))
    told = [
        {name: one["partialFingerprints"] for name, one in results(record).items()}
        for record in (every_kind, again)
    ]
    assert told[0] == told[1]
    assert told[0]["survived"] == {FINGERPRINT: "swap-cmp-survived"}


def test_a_rule_tells_the_catalogues_words(every_kind: Record) -> None:  # noqa: F811
    rules = {rule["id"]: rule for rule in sarif(every_kind)["runs"][0]["tool"]["driver"]["rules"]}
    op = next(op for op in _core.catalogue() if op.id == "swap-cmp")
    assert op.fault_model in rules["swap-cmp"]["help"]["text"]
    joint = rules["swap-cmp+of-a-plugin"]["help"]["text"]
    assert op.fault_model in joint
    assert "of-a-plugin: of a plug-in that is not installed" in joint


def test_the_code_lies_beside_the_log(tiny: Record) -> None:  # noqa: F811
    write(tiny)
    folder = tiny.folder / "report"
    for one in json.loads((folder / "report.sarif").read_text())["runs"][0]["artifacts"]:
        assert (folder / one["location"]["uri"]).read_text() == one["contents"]["text"]
