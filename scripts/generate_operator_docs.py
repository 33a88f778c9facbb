"""Writes docs/operators.md from the native catalogue; every example is made by running its pass."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tvm
from tvm.script import from_source
from tvm.script import relax as R  # noqa: N812
from tvm.script import tirx as T  # noqa: N812

from mutatenn import _core, transform
from mutatenn.mutation.diff import kernel_diff
from mutatenn.mutation.enumeration import enumerate_mutants

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operators.md"
SAMPLES = Path(__file__).resolve().parent / "operator_samples"
"""TVMScript by number and function name; an operator is shown on the first that has a place."""
INTRODUCTION = """\
# Mutation operators

Each operator is a kind of fault. It is a TVM module pass (`mutatenn.transform`), a value of
`--pass` and `--operators` on the command line, and a category in every report. Sites are numbered
over the whole module: functions sorted by name, nodes in pre-order, executed code only, never the
regions that a block declares, buffer shapes or types. A mutant's id depends on what the kernel
computes, the place and the replacement, not on function names, so it is the same on every machine.

Operators of stage `graph` work on the model's graph before it is lowered: on the calls of Relax
operators, numbered in the order of their bindings. What follows a changed call is type-checked
again, so that a changed shape flows on; a graph that does not type-check is invalid. Those of stage
`weight` change the constants that these calls take, one use at a time.

The model-level operators of DeepMutation (Ma et al., ISSRE 2018, arXiv 1805.05206) are here under
these names: Gaussian fuzzing (GF) is `fuzz-weights`, weight shuffling (WS) `shuffle-weights`,
neuron effect block (NEB) `zero-channel` with `side=input`, neuron activation inverse (NAI)
`invert-channel`, neuron switch (NS) `swap-channels`, layer deactivation (LD) `drop-op`, layer
addition (LAm) `duplicate-op` and `insert-op`, activation function removal (AFRm) `drop-op` with
`functions=nn.relu`.

The examples mutate the first of these functions that has a place; a plus marks what the pass wrote,
and an exclamation mark which weights differ.
"""


def main() -> int:
    """Write the page, or with ``--check`` say whether it is what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 when stale")
    check = parser.parse_args().check
    text = page()
    if PAGE.is_file() and PAGE.read_text() == text:
        return 0
    if check:
        print(
            "docs/operators.md is stale: run python scripts/generate_operator_docs.py",
            file=sys.stderr,
        )
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text)
    return 0


def page() -> str:
    """The whole page."""
    sources = {path.stem.split("_", 1)[1]: path.read_text() for path in sorted(SAMPLES.iterdir())}
    samples = {
        name: tvm.IRModule({name: from_source(source, {"T": T, "R": R})})
        for name, source in sources.items()
    }
    catalogue = _core.catalogue()
    lines = [
        INTRODUCTION,
        fenced("python", "\n\n".join(sources.values())),
        "| operator | category | stages | what it does |",
    ]
    lines += ["| --- | --- | --- | --- |"]
    lines += [
        f"| [`{op.id}`](#{op.id}) | {op.category} | {', '.join(op.stages)} | {op.summary} |"
        for op in catalogue
    ]
    return "\n".join(lines) + "\n" + "".join(section(op, samples) for op in catalogue)


def section(op: _core.Operator, samples: Mapping[str, Any]) -> str:
    """What there is to know of one operator."""
    name = transform.class_name(op.id)
    made = f"Version {op.version}; in Python `mutatenn.transform.{name}`."
    lines = [f"\n## `{op.id}`\n", f"{op.summary} {made}\n"]
    lines += [f"**Fault model.** {op.fault_model}\n", f"**Source.** {op.source}\n"]
    if op.suppressions:
        lines.append("**Left alone.**\n")
        lines += [f"- {suppression}" for suppression in op.suppressions]
        lines.append("")
    if op.redundant:
        lines.append(f"**Redundant**, left out of campaigns without `--all`: {op.redundant}.\n")
    if op.semantics_preserving:
        lines.append(f"**Semantics-preserving**, in no score: {op.semantics_preserving}.\n")
    if not op.parameters:
        return "\n".join([*lines, example(op, name, samples)])
    lines += ["| parameter | Python | takes | by default |", "| --- | --- | --- | --- |"]
    lines += [parameter(one) for one in op.parameters]
    lines += ["", *(f"`{one.name}`: {one.summary}\n" for one in op.parameters)]
    return "\n".join([*lines, example(op, name, samples)])


def parameter(one: _core.Parameter) -> str:
    """A row of the table of parameters."""
    takes = one.accepted
    if one.form == "choice":
        takes = ", ".join(f"`{choice}`" for choice in one.choices)
    spelling = transform.parameter_name(one.name)
    return f"| `{one.name}` | `{spelling}` | {takes} | {one.when_absent} |"


def example(op: _core.Operator, name: str, samples: Mapping[str, Any]) -> str:
    """The first place of a sample, mutated; and how many mutants the sample has.

    Raises:
        ValueError: no sample has a place for the operator: add one.
    """
    mutants = {k: enumerate_mutants(mod, [op.id], redundant=True) for k, mod in samples.items()}
    kernel = next((k for k, found in mutants.items() if found), None)
    if kernel is None:
        raise ValueError(f"no sample has a place for {op.id}: add one to operator_samples")
    mod, found = samples[kernel], mutants[kernel]
    mutant = transform.PASSES[op.id](site=0)(mod)
    sites = len({one.site for one in found})
    counted = f"`{kernel}` has {sites} site{'s' * (sites != 1)} and {len(found)} "
    counted += f"mutant{'s' * (len(found) != 1)} of this operator. "
    diff = kernel_diff(mod[kernel], mutant[kernel], kernel, context=0)
    changed = [line for line in diff.splitlines() if line[:2] in ("- ", "+ ", "! ")]
    aligned = "\n".join(line[0] + " " + line[1:].strip() for line in changed)
    return f"{counted}`{name}(site=0)` makes this of it:\n\n{fenced('diff', aligned)}"


def fenced(language: str, text: str) -> str:
    """A block of code in Markdown."""
    return f"```{language}\n{text.rstrip()}\n```\n"


if __name__ == "__main__":
    sys.exit(main())
