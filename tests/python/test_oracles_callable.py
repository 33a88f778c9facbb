"""An oracle in Python sees one input at a time, cannot change it, and must answer yes or no."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mutatenn.errors import InputError
from mutatenn.oracle import callable_oracle, judge

GOLDEN = [np.arange(6, dtype=np.float32).reshape(3, 1, 2), np.zeros(3, np.int32)]


def _near(golden: list[Any], answer: list[Any]) -> bool:
    return bool(np.abs(golden[0] - answer[0]).max() < 1)


def test_true_accepts_and_false_refuses() -> None:
    answer = [GOLDEN[0] + np.array([0, 0.5, 2], np.float32)[:, None, None], GOLDEN[1]]
    assert callable_oracle(_near, "near").judge(GOLDEN, answer).failed.tolist() == [
        False,
        False,
        True,
    ]


def test_it_gets_each_output_in_its_own_shape_and_type_read_only() -> None:
    seen: list[Any] = []

    def look(golden: list[Any], answer: list[Any]) -> bool:
        seen.extend((array.shape, array.dtype, array.flags.writeable) for array in golden + answer)
        return True

    callable_oracle(look, "look").judge([array[:1] for array in GOLDEN], [a[:1] for a in GOLDEN])
    assert seen == [((1, 2), np.float32, False), ((), np.int32, False)] * 2


def test_the_callers_arrays_stay_writeable() -> None:
    callable_oracle(_near, "near").judge(GOLDEN, GOLDEN)
    assert GOLDEN[0].flags.writeable


def test_a_nan_that_alone_decides_is_told() -> None:
    answer = [GOLDEN[0].copy(), GOLDEN[1]]
    answer[0][1, 0, 0] = np.nan
    answer[0][2] = [[np.nan, 99]]
    finding = callable_oracle(_near, "near").judge(GOLDEN, answer)
    assert finding.failed.tolist() == [False, True, True]
    assert finding.nan.tolist() == [False, True, False]


@pytest.mark.parametrize("said", [None, 1, 0.0, "yes", np.array([True])])
def test_anything_but_a_bool_is_refused(said: Any) -> None:
    oracle = callable_oracle(lambda _golden, _answer: said, "odd")
    with pytest.raises(InputError, match=r"python:odd returned .*True to accept"):
        oracle.judge(GOLDEN, GOLDEN)


def test_numpys_bool_will_do() -> None:
    oracle = callable_oracle(lambda golden, answer: (golden[1] == answer[1]).all(), "same")
    assert not oracle.judge(GOLDEN, GOLDEN).failed.any()


def test_an_error_in_the_function_is_told_in_one_sentence() -> None:
    oracle = callable_oracle(lambda golden, _answer: golden[7] is None, "broken")
    with pytest.raises(InputError, match="python:broken raised IndexError: list index") as caught:
        oracle.judge(GOLDEN, GOLDEN)
    assert isinstance(caught.value.__cause__, IndexError)


def test_it_has_a_name_and_a_kind() -> None:
    oracle = callable_oracle(_near, "near")
    assert (oracle.name, oracle.kind, oracle.needs_labels) == ("python:near", "numeric", False)
    assert callable_oracle(_near, "near", "label").kind == "label"


@pytest.mark.parametrize("name", ["", "a\nb"])
def test_a_name_that_cannot_be_printed_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="printable"):
        callable_oracle(_near, name)


def test_what_cannot_be_called_is_refused() -> None:
    with pytest.raises(InputError, match="give a function"):
        callable_oracle("near", "near")  # type: ignore[arg-type]


def test_only_inputs_whose_answer_changed_are_asked_about() -> None:
    asked = []

    def note(golden: list[Any], answer: list[Any]) -> bool:
        asked.append(float(answer[0][0, 0]))
        return golden is answer

    answer = [GOLDEN[0].copy(), GOLDEN[1]]
    answer[0][1, 0, 0] = 50
    found = judge([callable_oracle(note, "note")], GOLDEN, answer)
    assert asked == [50]
    assert found.failing.tolist() == [False, True, False]
