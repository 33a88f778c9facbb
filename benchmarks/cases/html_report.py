"""Filters of the HTML report over 100,000 mutants, in Chromium: until the table is laid out.

The mutants are those of a small campaign on the demo's model, many times, each under an id of its
own and with the verdict of any of them.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.many_mutants import many_mutants
from benchmarks.result import Result
from mutatenn.api import run
from mutatenn.demo import inputs_path, model_path
from mutatenn.errors import MissingToolError
from mutatenn.report.html.page import page
from mutatenn.report.record import Record

MUTANTS = 100_000
SAMPLE = 40
FILTERS = {
    "two words": ("q", "conv2d killed"),
    "part of an id": ("q", "0a"),
    "verdict": ("verdict", "survived"),
    "operator": ("operator", ""),
    "all of them": ("q", ""),
}
"""A field of the form and its value by case; an empty operator stands for the most frequent one."""
ANSWER = """
([name, value]) => {
  const form = document.getElementById("filters");
  form.querySelector("[type=reset]").click();
  const begin = performance.now();
  form.elements[name].value = value;
  form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - begin;
}
"""


def measure(quick: bool) -> Result:
    """Make the page, open it, and time its filters.

    Raises:
        MissingToolError: Chromium or Playwright is not installed.
    """
    count, rounds = (2_000, 3) if quick else (MUTANTS, 15)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(model_path(), inputs=inputs_path(), out=folder / "out", stage="tensor", sample=SAMPLE)
        record = many_mutants(Record.read(folder / "out"), count)
        begin = time.perf_counter()
        text = page(record)
        figures = {
            "mutants": float(count),
            "file, MB": len(text.encode()) / 1e6,
            "making it, s": time.perf_counter() - begin,
        }
        file = folder / "index.html"
        file.write_text(text)
        operators = [mutant.operator for mutant in record.manifest.mutants]
        samples, opening = _answers(file, max(operators, key=operators.count), rounds)
    figures["opening it, ms"] = opening
    figures["longest answer, ms"] = max(max(each) for each in samples.values())
    return Result("html_report", "ms", samples, {}, figures)


def _answers(file: Path, operator: str, rounds: int) -> tuple[dict[str, list[float]], float]:
    """Milliseconds of each filter, and those until the page was complete."""
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  (of the tests' extra)
    except ImportError as error:
        raise MissingToolError("this needs Playwright: pip install 'mutatenn[test]'") from error
    if path is None:
        raise MissingToolError("this needs Chromium (Debian: chromium)")
    samples: dict[str, list[float]] = {case: [] for case in FILTERS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        opened: Any = browser.new_page()
        opened.goto(f"{file.as_uri()}#mutants")
        opening = opened.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
        for _ in range(rounds):
            for case, (name, value) in FILTERS.items():
                wanted = operator if name == "operator" else value
                samples[case].append(float(opened.evaluate(ANSWER, [name, wanted])))
        browser.close()
    return samples, float(opening)
