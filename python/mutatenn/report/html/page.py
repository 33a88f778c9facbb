"""The page: a campaign's view put into the templates, as one file that needs no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mutatenn.analysis.by_operator import by_operator
from mutatenn.report.cases import cases_of
from mutatenn.report.html.assets import script, style
from mutatenn.report.html.devices import device_tables
from mutatenn.report.html.environment import commands, environment
from mutatenn.report.html.funnel import funnel_bars
from mutatenn.report.html.headline import COUNTED, score_terms, segments, warnings
from mutatenn.report.html.heat import heat_maps
from mutatenn.report.html.kills import kill_view
from mutatenn.report.html.sources import sources
from mutatenn.report.html.table import mutant_table
from mutatenn.report.parts import COLUMNS, NUMBERS, part_rows, stuck_text
from mutatenn.report.places import Places
from mutatenn.report.record import Record
from mutatenn.report.summary import summary

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that HTML has no way to hold."""


def page(record: Record) -> str:
    """The HTML of a campaign's report.

    Raises:
        InputError: stored evidence, answers or code are damaged.
    """
    body, cases = summary(record), cases_of(record)
    kill = kill_view(record, {id_: row for row, id_ in enumerate(cases)})
    data = {
        "mutants": mutant_table(record, cases),
        "sources": sources(Places.read(record), cases),
        "heat": heat_maps(record),
        "kills": kill.pop("drawing", None),
    }
    view = {
        "model": Path(record.facts["options"]["model"]).name,
        "body": body,
        "counted": sum(body["counts"][name] for name in COUNTED),
        "segments": segments(body["counts"]),
        "terms": score_terms(body),
        "warnings": warnings(body),
        "bars": funnel_bars(body),
        "operators": by_operator(record.scored(), record.mutants()),
        "devices": device_tables(record, body),
        "kill": kill,
        "parts": _parts(body),
        "environment": environment(record, body),
        "commands": commands(record),
    }
    fixed = {
        "style": Markup(style()),
        "script": Markup(script()),
        "data": Markup(embedded(data)),
    }
    return _environment().get_template("page.html.j2").render(**view, **fixed)


def embedded(data: Any) -> str:
    """JSON that may stand in a script element: no text in it can end that."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("mutatenn.report.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_writable,
    )


def _writable(value: Any) -> Any:
    """A text with a mark in place of what HTML cannot hold."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _CONTROL.sub("\ufffd", value)
    return value


def _parts(body: dict[str, Any]) -> dict[str, Any]:
    """Layers and kernels by their sensitivity."""
    found = body["sensitivity"]
    tables = [
        (title, part_rows(found[key]))
        for title, key in (("Layers", "layers"), ("Kernels", "kernels"))
        if found[key]
    ]
    return {
        "columns": COLUMNS,
        "numbers": NUMBERS,
        "tables": tables,
        "stuck": stuck_text(found["all"]),
    }
