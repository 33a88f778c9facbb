"""Format ``junit``: JUnit XML, a suite per kernel and device, a test per mutant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from mutatenn.analysis.tally import differs
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.report.cases import Case, cases_on
from mutatenn.report.format import FOLDER, report_format
from mutatenn.report.record import Record

FILE = "report.junit.xml"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""
_TAGS = ("failure", "error", "skipped")


def junit(record: Record) -> str:
    """The document.

    A mutant that survived, or that no input reaches, is a failure: it counts, and nothing kills
    it. An inconclusive one is an error; one that does not count, or has no verdict yet, is
    skipped. A semantics-preserving mutant is to survive: one that is told from the original fails.
    """
    suites: dict[tuple[str, str], list[Case]] = {}
    for device in record.devices:
        for case in cases_on(record, device):
            suites.setdefault((device, case.mutant.function), []).append(case)
    root = ElementTree.Element("testsuites", name="mutatenn")
    for (device, function), cases in suites.items():
        root.append(_suite(device, function, cases))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in root):.3f}")
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


@report_format("junit", FILE, "JUnit XML, for systems of continuous integration")
def write(record: Record) -> Sequence[str]:
    """Write ``report/report.junit.xml``."""
    write_atomically(record.folder / FOLDER / FILE, junit(record))
    return ()


def _suite(device: str, function: str, cases: Sequence[Case]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=_clean(f"{function} on {device}"))
    for case in cases:
        suite.append(_test(case))
    counts = {tag: sum(test.find(tag) is not None for test in suite) for tag in _TAGS}
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    suite.set("time", f"{sum(case.seconds for case in cases):.3f}")
    return suite


def _test(case: Case) -> ElementTree.Element:
    mutant = case.mutant
    name = f"{mutant.operator} {mutant.replacement}".rstrip()
    test = ElementTree.Element(
        "testcase",
        classname=_clean(f"{case.device}.{mutant.function}"),
        name=_clean(f"{name} [{mutant.id}]"),
        time=f"{case.seconds:.3f}",
    )
    tag = _tag(case)
    if tag:
        reason = "" if case.row is None else f": {case.row['reason']}"
        result = ElementTree.SubElement(test, tag, message=_clean(case.text + reason))
        if tag != "skipped":
            result.set("type", _clean(case.text))
            result.text = _clean(case.row["diff"] if case.row is not None else "")
    return test


def _tag(case: Case) -> str:
    """The element that tells what became of a test; empty for one that passed."""
    if case.row is None or case.away:
        return "skipped"
    if case.verdict == "inconclusive":
        return "error"
    if case.mutant.semantics_preserving:
        return "failure" if differs(case.row, case.mutant) else ""
    return "failure" if case.verdict in ("survived", "not_reached") else ""


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
