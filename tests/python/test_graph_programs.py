"""Mutants of graphs and weights run as programs: each says what TVM's own machine says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import relax

from graph_models import answer, graph, mutants
from mutatenn.campaign import kernel_store
from mutatenn.campaign.program_worker import read_variant
from mutatenn.demo import inputs_path, model_path
from mutatenn.errors import InputError
from mutatenn.lowering.backends.llvm import LlvmBackend
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant, operators_of, plant
from program_fixtures import Programs, programs

STEP = 60
"""Every so many mutants are compared: enough for each operator, and soon done."""


def images() -> np.ndarray:
    with np.load(inputs_path()) as shipped:
        return np.asarray(shipped["images"][:6])


@pytest.fixture(scope="module", params=["none", "default"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The demo model, without and with schedules."""
    scratch = tmp_path_factory.mktemp("programs")
    with programs(load(model_path()), images(), scratch, request.param) as made:
        yield made


def by_machine(mod: Any, rows: np.ndarray) -> np.ndarray:
    """The model compiled whole by TVM, and run by its machine."""
    machine = relax.VirtualMachine(tvm.compile(mod.clone(), target="llvm"), tvm.cpu())
    return np.stack([machine["main"](tvm.runtime.tensor(row)).numpy() for row in rows])


def some(found: list[Mutant]) -> list[Mutant]:
    """A mutant of each operator, and some more."""
    first = {mutant.operator: mutant for mutant in reversed(found)}
    return list({mutant.id: mutant for mutant in (*first.values(), *found[::STEP])}.values())


@pytest.mark.parametrize("stage", ["graph", "weight"])
def test_a_mutant_answers_as_when_tvm_compiles_it_whole(demo: Programs, stage: str) -> None:
    compared, differing = 0, 0
    for mutant in some(enumerate_mutants(demo.module, operators_of(stage))):
        made = demo.made(mutant)
        if made.library is None:
            assert made.rejected_by in ("verifier", "lowering", "lowered code", "shape"), made
            if made.rejected_by != "lowered code":
                continue
        expected = by_machine(plant(demo.module, mutant), images())
        if made.library is None:
            outputs = demo.golden.outputs[0]
        else:
            run = demo.device.run_variant(read_variant(made.library))
            assert run.fate == "completed", (mutant, run.detail)
            outputs = run.outputs[0]
            differing += any(row.state == "propagated" for row in run.rows)
        np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-4, err_msg=str(mutant))
        settled = np.abs(np.sort(expected, -1)[..., -1] - np.sort(expected, -1)[..., -2]) > 1e-3
        same = outputs.argmax(-1) == expected.argmax(-1)
        assert same[settled].all(), mutant
        compared += 1
    assert compared > 5
    assert differing > 3


def test_a_weight_mutant_compiles_nothing(demo: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the compiler was called")

    for name in ("generate", "lower"):
        monkeypatch.setattr(LlvmBackend, name, refuse)
    monkeypatch.setattr(kernel_store, "schedule_kernel", refuse)
    found = some(enumerate_mutants(demo.module, operators_of("weight")))
    made = [demo.made(mutant) for mutant in found]
    assert len([one for one in made if one.library is not None]) > 5
    assert {one.rejected_by for one in made} <= {"", "lowered code"}
    assert {one.effort["kernels"] for one in made} == {0}


def two_layers() -> Any:
    rng = np.random.default_rng(3)
    return graph(
        """
        a = R.nn.conv2d(x, w, padding=(1, 1, 1, 1))
        b = R.nn.relu(a)
        c = R.nn.max_pool2d(b, pool_size=(2, 2), strides=(2, 2))
        d = R.exp(c)
        out = R.nn.softmax(d, axis=1)
        """,
        w=rng.normal(size=(2, 2, 3, 3)),
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    rows = np.random.default_rng(0).normal(size=(4, 1, 2, 4, 4)).astype("float32")
    with programs(two_layers(), rows, tmp_path_factory.mktemp("small")) as made:
        yield made


def named(made: Programs, operator: str, **settings: str) -> list[Mutant]:
    return mutants(made.module, operator, **settings)


def test_launches_before_the_fault_are_the_originals(small: Programs) -> None:
    (mutant,) = named(small, "replace-op", to="nn.log_softmax")
    made = small.made(mutant)
    assert made.library is not None
    variant = read_variant(made.library)
    assert [one.mutated for one in variant.launches] == [True]
    assert variant.launches[0].counterpart == len(small.lowered.plan.launches) - 1
    assert {row.state for row in small.run(mutant).rows} == {"propagated"}


def test_what_a_launch_after_the_fault_absorbs_is_infected_and_not_propagated(
    tmp_path: Path,
) -> None:
    mod = graph(
        """
        a = R.exp(x)
        b = R.nn.max_pool2d(a, (2, 2), strides=(2, 2))
        c = R.nn.max_pool2d(b, (2, 2))
        out = R.sign(c)
        """
    )
    rows = np.random.default_rng(0).normal(size=(3, 1, 2, 4, 4)).astype("float32")
    for cache_mb in (0, 1):
        scratch = tmp_path / str(cache_mb)
        scratch.mkdir()
        with programs(mod, rows, scratch, cache_mb=cache_mb) as made:
            # The sign of what is above zero is one, whatever was pooled.
            mutant = next(m for m in named(made, "replace-op", to="abs") if m.site == 0)
            run = made.run(mutant)
            assert {row.state for row in run.rows} == {"infected"}, cache_mb
            np.testing.assert_array_equal(run.outputs[0], made.golden.outputs[0])


def test_a_model_that_gives_an_earlier_value_differs_without_a_launch_of_its_own(
    small: Programs,
) -> None:
    mutant = next(
        m
        for m in named(small, "drop-op")
        if m.site == max(each.site for each in named(small, "drop-op"))
    )
    made = small.made(mutant)
    assert made.library is not None
    assert read_variant(made.library).launches == ()
    run = small.run(mutant)
    assert {row.state for row in run.rows} == {"propagated"}
    rows = np.random.default_rng(0).normal(size=(4, 1, 2, 4, 4)).astype("float32")
    expected = np.stack([answer(plant(small.module, mutant), row) for row in rows])
    np.testing.assert_allclose(run.outputs[0], expected, rtol=1e-5)


def test_golden_data_that_is_not_kept_is_made_again(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(4, 1, 2, 4, 4)).astype("float32")
    found = []
    for cache_mb in (0, 8):
        scratch = tmp_path / str(cache_mb)
        scratch.mkdir()
        with programs(two_layers(), rows, scratch, cache_mb=cache_mb) as made:
            assert made.golden.rows_cached == (4 if cache_mb else 0)
            runs = [made.run(m) for m in named(made, "replace-op") + named(made, "zero-channel")]
            found.append([([row.state for row in run.rows], run.outputs[0]) for run in runs])
    assert len(found[0]) > 3
    for one, other in zip(*found, strict=True):
        assert one[0] == other[0]
        np.testing.assert_array_equal(one[1], other[1])


def test_another_output_shape_is_seen_before_anything_is_compiled(small: Programs) -> None:
    found = [small.made(m) for m in named(small, "change-attr", attr="padding")]
    shapes = [one for one in found if one.rejected_by == "shape"]
    assert shapes
    assert all("output 0 is float32[" in one.reason for one in shapes)
    assert {one.effort["kernels"] for one in shapes} == {0}


def test_a_graph_that_cannot_be_lowered_is_refused_with_the_reason(
    small: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mutatenn.campaign import program_worker  # noqa: PLC0415

    def refuse(*_: Any) -> None:
        raise InputError("no rule legalises relax.odd")

    monkeypatch.setattr(program_worker, "lower", refuse)
    made = small.made(named(small, "replace-op", to="nn.log_softmax")[0])
    assert (made.rejected_by, made.reason) == ("lowering", "no rule legalises relax.odd")


def test_equal_programs_have_equal_hashes_and_different_ones_do_not(small: Programs) -> None:
    first = small.made(named(small, "zero-channel", channel="0")[0])
    again = small.made(named(small, "zero-channel", channel="0")[0])
    other = small.made(named(small, "zero-channel", channel="1")[0])
    assert first.artifact == again.artifact
    assert first.artifact != other.artifact
