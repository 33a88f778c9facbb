"""Campaigns of higher-order mutants: several faults at once, in one kernel or in several."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import tvm
from tvm import relax

from campaign_fixtures import (  # noqa: F401
    Cli,
    Finished,
    cli,
    demo_options,
    digits,
    run_chosen,
)
from mutatenn import _core
from mutatenn.api import repeat
from mutatenn.campaign.subject import Subject
from mutatenn.demo import model_path
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.mutation.mutant import plant

SAMPLE = 5


@pytest.fixture(scope="module")
def flat(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:  # noqa: F811
    """Mutants of third order in flat, scheduled kernels."""
    out = tmp_path_factory.mktemp("flat") / "out"
    options = demo_options(
        digits, out, stage="kernel", schedule="default", order=3, sample=SAMPLE, jobs=2
    )
    return run_chosen(options, lambda manifest: manifest)


@pytest.fixture(scope="module")
def blocks(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:  # noqa: F811
    """Mutants of second order before scheduling; values are wrong, no writes out of bounds."""
    out = tmp_path_factory.mktemp("blocks") / "out"
    options = demo_options(
        digits, out, operators=("swap-combiner", "tweak-float", "negate-expr"), order=2, sample=8
    )
    return run_chosen(options, lambda manifest: manifest)


def test_a_campaign_of_third_order_repeats_bit_for_bit_from_its_manifest(
    flat: Finished, tmp_path: Path
) -> None:
    manifest = flat.folder / "manifest.json"
    again = repeat(manifest, out=tmp_path / "again")
    second = Finished(dataclasses.replace(flat.options, out=tmp_path / "again"), again.summary)
    assert second.record.manifest.mutants == flat.record.manifest.mutants
    assert second.verdicts() == flat.verdicts()
    assert flat.summary["runnable"] == SAMPLE
    with pytest.raises(InputError, match="holds a campaign already"):
        repeat(manifest, out=tmp_path / "again")


def test_a_mutant_has_as_many_parts_as_its_order_says_some_in_several_kernels(
    flat: Finished,
) -> None:
    ran = [flat.record.mutants()[mutant] for mutant in flat.verdicts()]
    assert {len(mutant.parts) for mutant in ran} == {3}
    assert {part.stage for mutant in ran for part in mutant.parts} == {"kernel"}
    assert any(len(mutant.functions) == 3 for mutant in ran)
    assert all(mutant.id.startswith("order3-") for mutant in ran)
    facts = flat.record.manifest.facts
    assert facts["population"] > len(flat.record.manifest.mutants) > SAMPLE
    assert all(count > 0 for count in facts["kept_apart"].values())


def test_verdicts_are_those_of_the_whole_model_compiled_by_tvm(blocks: Finished) -> None:
    subject = Subject.prepare(blocks.options, resumed=True)
    images = subject.inputs.rows[0]

    def classes(mod: object) -> np.ndarray:
        machine = relax.VirtualMachine(tvm.compile(mod, target="llvm"), tvm.cpu())
        answers = [machine["main"](tvm.runtime.tensor(row)).numpy() for row in images]
        return np.array([int(answer.argmax()) for answer in answers])

    golden, mutants, compared = classes(subject.module), blocks.record.mutants(), set()
    for row in blocks.record.rows:
        if row["kill"] not in ("", "label") or row["verdict"] not in ("killed", "survived"):
            continue
        mutant = mutants[row["mutant"]]
        found = classes(plant(subject.module, mutant))
        assert int((found != golden).sum()) == row["failing"], mutant
        compared.add(len(mutant.functions))
    assert compared == {1, 2}


def test_order_is_refused_beside_the_ids_of_mutants(blocks: Finished, tmp_path: Path) -> None:
    one = next(iter(blocks.record.mutants().values())).parts[0].id
    options = dataclasses.replace(blocks.options, out=tmp_path / "one", only=(one,), sample=None)
    with pytest.raises(InputError, match="leave --order out"):
        Subject.prepare(options).manifest()


def test_reach_counts_every_place(blocks: Finished) -> None:
    for row in blocks.record.rows:
        if row["reach"]:
            assert row["evidence"]["reached"] is True


def test_one_mutant_is_repeated_shown_and_applied_by_the_ids_of_its_parts(
    cli: Cli,  # noqa: F811
    blocks: Finished,
    tmp_path: Path,
) -> None:
    row = next(row for row in blocks.record.rows if row["verdict"] == "killed")
    mutant = blocks.record.mutants()[row["mutant"]]
    shown = cli("show", mutant.id, "--out", blocks.folder)
    assert shown.code == ExitCode.OK
    for part in mutant.parts:
        assert f"  {part.id}: {part.operator}" in shown.out
        assert f"function {part.function}, site {part.site}" in shown.out
    joint = "+".join(part.id for part in mutant.parts)
    assert f"--only {joint}" in shown.out and "--order" not in shown.out

    options = dataclasses.replace(
        blocks.options, out=tmp_path / "one", only=(joint,), order=1, sample=None
    )
    alone = run_chosen(options, lambda manifest: manifest)
    assert alone.verdicts() == {mutant.id: blocks.verdicts()[mutant.id]}

    file = tmp_path / "both.json"
    applied = cli("apply", "--at", joint, options.model, "-o", file)
    assert applied.code == ExitCode.OK
    assert [part.id in applied.out for part in mutant.parts] == [True, True]
    planted = tvm.ir.load_json(file.read_text())
    whole = plant(Subject.prepare(options, resumed=True).module, mutant)
    for name in mutant.functions:
        assert _core.kernel_hash(planted[name]) == _core.kernel_hash(whole[name])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give --pass, an operator, or --at with the id of a mutant"),
        (["--pass", "swap-cmp", "--at", "swap-cmp-1+swap-cmp-2"], "leave --pass out"),
        (["--at", "swap-cmp-1", "--set", "to=le"], "give --pass too"),
        (["--at", "swap-cmp-1+drop-store-2"], "the module has no mutant swap-cmp-1"),
    ],
)
def test_what_apply_cannot_do_is_told(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    arguments: list[str],
    told: str,
) -> None:
    answer = cli("apply", *arguments, model_path(), "-o", tmp_path / "x.json")
    assert answer.code == ExitCode.USAGE
    assert told in answer.err and not (tmp_path / "x.json").exists()
