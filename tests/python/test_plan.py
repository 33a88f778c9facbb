"""A plan is data: it survives JSON, and its own questions are answered from its launches."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutatenn.lowering.plan import Buffer, Launch, Plan, np_dtype

DTYPES = ("float32", "float16", "bfloat16", "int8", "uint8", "int64", "bool")
NAMES = st.text(min_size=1, max_size=12)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 6))
    buffers = tuple(
        Buffer(
            index,
            draw(NAMES),
            draw(st.sampled_from(["input", "weight", "activation"])),
            tuple(draw(st.lists(st.integers(0, 9), max_size=4))),
            draw(st.sampled_from(DTYPES)),
        )
        for index in range(count)
    )
    some = st.lists(st.integers(0, count - 1), max_size=3).map(tuple)
    launches = tuple(
        Launch(index, draw(NAMES), draw(some), draw(some), tuple(draw(st.lists(NAMES, max_size=2))))
        for index in range(draw(st.integers(0, 5)))
    )
    return Plan(buffers, launches, draw(some), draw(some), draw(NAMES))


@given(plans())
def test_a_plan_survives_json(plan: Plan) -> None:
    assert Plan.from_json(plan.to_json()) == plan


@given(plans())
def test_its_json_is_plain_and_has_a_line_per_buffer_and_launch(plan: Plan) -> None:
    text = plan.to_json()
    assert json.loads(text)["schema"] == "mutatenn.plan/1"
    lines = text.split("\n")
    assert sum(line.startswith("  {") for line in lines) == len(plan.buffers) + len(plan.launches)


@given(plans())
def test_kernels_come_by_first_launch_and_launches_by_kernel(plan: Plan) -> None:
    firsts = [min(x.index for x in plan.launches if x.kernel == name) for name in plan.kernels]
    assert firsts == sorted(firsts)
    launches = [launch for name in plan.kernels for launch in plan.launches_of(name)]
    assert sorted(launches, key=lambda launch: launch.index) == list(plan.launches)
    for name in plan.kernels:
        layers = [layer for launch in plan.launches_of(name) for layer in launch.layers]
        assert plan.layers_of(name) == tuple(sorted(set(layers), key=layers.index))


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_size_of_a_buffer_is_its_elements_times_theirs(dtype: str) -> None:
    buffer = Buffer(0, "b", "input", (3, 5), dtype)
    bits = {"bool": 8}.get(dtype) or int("".join(c for c in dtype if c.isdigit()))
    assert buffer.nbytes == 15 * bits // 8
    assert np.zeros(buffer.shape, np_dtype(dtype)).nbytes == buffer.nbytes
    assert Buffer(0, "scalar", "input", (), dtype).nbytes == math.ceil(bits / 8)


@pytest.mark.parametrize("text", ["{}", '{"schema": "mutatenn.plan/2"}'])
def test_json_of_another_schema_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not 'mutatenn\.plan/1'"):
        Plan.from_json(text)
