"""The JUnit report parses, and what its tests say is what the verdicts say."""

from __future__ import annotations

from typing import Any

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn.report.formats.junit import write
from mutatenn.report.record import Record
from report_fixtures import all_mutants, every_kind, tiny  # noqa: F401


def parsed(record: Record) -> Any:
    write(record)
    return JUnitXml.fromfile(str(record.folder / "report" / "report.junit.xml"))


def told(record: Record, device: str) -> dict[str, list[type]]:
    """The kinds of results of each test on a device, by the last part of the mutant's id."""
    found = {}
    for suite in parsed(record):
        for test in suite:
            if test.classname.startswith(f"{device}."):
                id_ = test.name.partition("[")[2].removesuffix("]")
                found[id_.removeprefix("swap-cmp-")] = [type(one) for one in test.result]
    return found


def test_every_verdict_has_its_result(every_kind: Record) -> None:  # noqa: F811
    assert told(every_kind, "llvm") == {
        **{key: [] for key in ("label", "everywhere", "several", "crash", "hang", "shape")},
        **{key: [Failure] for key in ("survived", "unreached", "joint")},
        **{key: [Skipped] for key in ("invalid", "equivalent", "duplicate", "to-come")},
        "inconclusive": [Error],
        "told-apart": [Failure],
        "preserved": [],
    }


def test_each_device_has_suites_of_its_own(every_kind: Record) -> None:  # noqa: F811
    assert told(every_kind, "llvm")["label"] == []
    assert told(every_kind, "c")["label"] == [Failure]


def test_counts_add_up(every_kind: Record) -> None:  # noqa: F811
    report = parsed(every_kind)
    assert report.tests == 2 * len(all_mutants())
    counted = [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in report]
    for (tests, failures, errors, skipped), suite in zip(counted, report, strict=True):
        results = [type(one) for test in suite for one in test.result]
        assert tests == len(list(suite))
        kinds = (results.count(Failure), results.count(Error), results.count(Skipped))
        assert kinds == (failures, errors, skipped)
    report.update_statistics()
    again = [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in report]
    assert again == counted


def test_a_reason_survives_what_xml_cannot_write(every_kind: Record) -> None:  # noqa: F811
    messages = [
        one.message for suite in parsed(every_kind) for test in suite for one in test.result
    ]
    assert "survived: for a <reason> & \N{REPLACEMENT CHARACTER} one" in messages


def test_a_campaigns_survivors_are_its_failures(tiny: Record) -> None:  # noqa: F811
    wanted = {row["mutant"] for row in tiny.rows if row["verdict"] in ("survived", "not_reached")}
    failed = {
        test.name.partition("[")[2].removesuffix("]"): test.result[0].text
        for suite in parsed(tiny)
        for test in suite
        if test.result and isinstance(test.result[0], Failure)
    }
    assert wanted
    assert failed.keys() == wanted
    assert all("\n+++ " in diff for diff in failed.values())


@pytest.mark.parametrize("name", ["tiny", "every_kind"])
def test_a_report_is_written_whole(name: str, request: pytest.FixtureRequest) -> None:
    record = request.getfixturevalue(name)
    assert parsed(record).tests > 0
    assert [path.name for path in (record.folder / "report").iterdir()] == ["report.junit.xml"]
