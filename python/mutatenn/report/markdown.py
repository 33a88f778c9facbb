"""The campaign as Markdown: score, counts, and a row per mutant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mutatenn.analysis.by_operator import HEAD, operator_rows
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.campaign.verdict import how_far, verdict_text
from mutatenn.report.devices_csv import write_devices
from mutatenn.report.devices_section import devices_section
from mutatenn.report.parts import COLUMNS, NUMBERS, part_rows, stuck_text
from mutatenn.report.record import Record
from mutatenn.report.seconds import per_mutant_text, seconds_text
from mutatenn.report.summary import summary


def markdown(record: Record) -> str:
    """The report's text."""
    body = summary(record)
    options = record.facts["options"]
    lines = [f"# Mutation report: {Path(options['model']).name}", "", *_score(body), ""]
    if body["damaged"]:
        lines.append(f"**The journal is damaged** ({body['damaged']}); only readable rows count.")
        lines.append("")
    lines += [f"- {text}" for text in [*body["notes"], *_facts(record, body)]]
    lines += ["", "## Verdicts", "", "| verdict | mutants |", "| --- | ---: |"]
    lines += [f"| {verdict_text(name)} | {n} |" for name, n in body["counts"].items()]
    kinds = ", ".join(f"{kind} {n}" for kind, n in body["kills"].items() if n)
    lines += ["", f"Killed by: {kinds or 'nothing'}."]
    lines += [f"{n} mutants: {mark}." for mark, n in body["marks"].items()]
    lines += _preserving(body)
    lines += _operator_table(body)
    lines += ["", "## How far the mutants got", "", "| how far | mutants |", "| --- | ---: |"]
    lines += [f"| {far} | {n} |" for far, n in body["funnel"].items()]
    lines += _parts(body)
    lines += devices_section(record, body)
    lines += ["", "## Mutants", "", "| mutant | layer | change | verdict | how far | why |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    mutants = record.mutants()
    for row in record.rows:
        mutant = mutants[row["mutant"]]
        verdict = verdict_text(row["verdict"], row["kill"])
        change = f"{mutant.function}: {mutant.operator} {mutant.replacement}".strip()
        far = how_far(row["verdict"], row["reach"], row["evidence"].get("reached"))
        cells = [f"`{mutant.id}`", ", ".join(mutant.layers), change, verdict, far, _why(row)]
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def write_markdown(record: Record) -> None:
    """Write ``report/report.md`` in the campaign's folder, and the table that it points to."""
    write_devices(record)
    write_atomically(record.folder / "report" / "report.md", markdown(record))


def _score(body: dict[str, Any]) -> list[str]:
    if body["score"] is None:
        return ["No mutant counts towards a score."]
    text = f"**Mutation score {body['score']:.3f}**"
    if body["score_interval"] is not None:
        low, high = body["score_interval"]
        text += f" (95 % Wilson interval {low:.3f} to {high:.3f} for all runnable mutants)"
    return [text + ": killed / (killed + survived + not reached)."]


def _operator_table(body: dict[str, Any]) -> list[str]:
    ends = ["---"] + ["---:"] * (len(HEAD) - 1)
    rows = [list(HEAD), ends, *operator_rows(body["by_operator"])]
    return ["", "## Operators", "", *("| " + " | ".join(row) + " |" for row in rows)]


def _parts(body: dict[str, Any]) -> list[str]:
    """The tables of layers and kernels, the most sensitive first."""
    found = body["sensitivity"]
    lines = []
    for title, parts in (("Layers", found["layers"]), ("Kernels", found["kernels"])):
        if not parts:
            continue
        lines += ["", f"## {title} by sensitivity", "", "| " + " | ".join(COLUMNS) + " |"]
        ends = ["---:" if column in NUMBERS else "---" for column in COLUMNS]
        lines.append("| " + " | ".join(ends) + " |")
        rows = part_rows(parts)
        lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    stuck = stuck_text(found["all"])
    return [*lines, "", f"{stuck}."] if stuck else lines


def _preserving(body: dict[str, Any]) -> list[str]:
    total = sum(body["semantics_preserving"].values())
    if not total:
        return []
    text = f"{total} mutants are semantics-preserving and in no count above"
    suspects = body["suspected_defects"]
    lines = ["", f"{text}; {len(suspects)} of them made a difference: suspected compiler defects."]
    return lines + [f"- suspected compiler defect: `{mutant}`" for mutant in suspects]


def _facts(record: Record, body: dict[str, Any]) -> list[str]:
    options, versions = record.facts["options"], record.facts["versions"]
    facts = [
        f"oracles: {', '.join(body['oracles'])}",
        _operators(record.facts)
        + f", stage {record.facts['stage']}, target `{body['target']}`, seed {body['seed']}",
    ]
    for device, golden in body["golden"].items():
        text = f"golden run on {device}: {golden['inputs']} inputs"
        if "right" in golden:
            text += f", {golden['right']} of {golden['inputs']} classified as labelled"
        facts.append(text)
    if body["seconds"]["total"] is not None:
        facts.append(seconds_text(body["seconds"]))
    facts.append(per_mutant_text(body))
    facts.append(
        f"{body['mutants']} of {body['population']} first-order mutants, "
        f"{body['runnable']} of them runnable"
    )
    if body["pending"]:
        facts.append(f"incomplete: {body['pending']} mutants have no verdict")
    facts.append(", ".join(f"{name} {version}" for name, version in versions.items()))
    facts.append(f"model SHA-256 `{body['hashes']['model']}`, inputs `{options['inputs']}`")
    return facts


def _why(row: dict[str, Any]) -> str:
    return "; ".join([row["reason"].removesuffix("."), *row["marks"]])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _operators(facts: dict[str, Any]) -> str:
    """Which faults were planted, for people."""
    preset = facts["preset"]
    if preset is None:
        return f"operators {', '.join(facts['operators'])}"
    return f"preset {preset['name']} (version {preset['version']})"
