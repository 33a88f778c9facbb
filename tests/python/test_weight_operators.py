"""The operators on weights: which constants they change, how, and that a seed fixes it all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from graph_models import answer, differs, graph, mutants, offered, plant
from mutatenn.mutation.constants import changed_constants, constants_of

KERNEL = np.random.default_rng(1).normal(size=(3, 2, 3, 3)).astype("float32")
BIAS = np.array([[[[0.5]], [[-1.0]], [[2.0]]]], "float32")
OPERATORS = (
    "flip-bit",
    "fuzz-weights",
    "invert-channel",
    "quantise-weights",
    "shuffle-weights",
    "swap-channels",
    "zero-channel",
)


def layer(kernel: Any = KERNEL, bias: Any = BIAS) -> Any:
    return graph("a = R.nn.conv2d(x, w)\nout = R.add(a, b)", w=kernel, b=bias)


def weights(mod: Any, argument: int = 0) -> np.ndarray:
    """The n-th constant of a graph."""
    values: np.ndarray = constants_of(mod["main"])[argument][1].value.numpy()
    return values


def changed(operator: str, kernel: Any = KERNEL, **settings: Any) -> np.ndarray:
    """What an operator makes of the kernel; the bias must stay."""
    mod = layer(kernel)
    mutant = plant(mod, operator, **settings)
    assert np.array_equal(weights(mutant, 1), weights(mod, 1))
    assert np.array_equal(weights(mod), np.asarray(kernel, "float32"))
    return weights(mutant)


def test_a_channel_is_zero() -> None:
    expected = KERNEL.copy()
    expected[1] = 0
    assert np.array_equal(changed("zero-channel", channel=1), expected)


def test_an_input_channel_is_zero() -> None:
    expected = KERNEL.copy()
    expected[:, 1] = 0
    assert np.array_equal(changed("zero-channel", channel=1, side="input"), expected)


def test_a_channel_is_negated() -> None:
    expected = KERNEL.copy()
    expected[2] *= -1
    assert np.array_equal(changed("invert-channel", channel=2), expected)


def test_two_channels_change_places() -> None:
    assert np.array_equal(changed("swap-channels", channel=0, with_=2), KERNEL[[2, 1, 0]])


def test_a_channel_is_shuffled() -> None:
    after = changed("shuffle-weights", channel=1)
    assert np.array_equal(after[[0, 2]], KERNEL[[0, 2]])
    assert not np.array_equal(after[1], KERNEL[1])
    assert np.array_equal(np.sort(after[1], axis=None), np.sort(KERNEL[1], axis=None))


def test_a_whole_tensor_is_shuffled() -> None:
    after = changed("shuffle-weights", part="all")
    assert all(not np.array_equal(after[i], KERNEL[i]) for i in range(3))
    assert np.array_equal(np.sort(after, axis=None), np.sort(KERNEL, axis=None))


def test_noise_is_gaussian_and_relative_to_the_weights() -> None:
    kernel = np.random.default_rng(2).normal(size=(40, 2, 9, 9)) * 5
    mod = graph("out = R.nn.conv2d(x, w)", (1, 2, 9, 9), w=kernel)
    noise = weights(plant(mod, "fuzz-weights", sigma=0.2)) - weights(mod)
    assert abs(noise.std() - 0.2 * np.sqrt((kernel**2).mean())) < 0.02
    assert abs(noise.mean()) < 0.05
    # Within one, two and three standard deviations.
    within = [np.mean(np.abs(noise) < k * noise.std()) for k in (1, 2, 3)]
    assert np.allclose(within, [0.683, 0.954, 0.997], atol=0.02)


@pytest.mark.parametrize("bit", [0, 22, 30, 31])
def test_a_bit_of_some_weights_is_inverted(bit: int) -> None:
    after = changed("flip-bit", bit=bit, count=3)
    difference = after.view(np.uint32) ^ KERNEL.view(np.uint32)
    assert np.unique(difference).tolist() == [0, 1 << bit]
    assert np.count_nonzero(difference) == 3


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_weights_are_rounded_to_levels(bits: int) -> None:
    after = changed("quantise-weights", bits=bits)
    scale = np.abs(KERNEL).max() / (2 ** (bits - 1) - 1)
    assert np.allclose(after / scale, np.round(after / scale), atol=1e-4)
    assert np.abs(after - KERNEL).max() <= scale / 2 * 1.0001
    assert len(np.unique(after)) <= 2**bits - 1


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_mutant_changes_one_constant_and_the_answer(operator: str) -> None:
    mod = layer()
    before = answer(mod)
    found = mutants(mod, operator)
    assert {m.site for m in found} == ({0} if operator == "shuffle-weights" else {0, 1})
    for mutant in found:
        assert (mutant.stage, mutant.function) == ("weight", "main")
        assert mutant.path.endswith(".value.args[1]")
        planted = plant(mod, operator, mutant.id)
        (line,) = changed_constants(mod["main"], planted["main"])
        assert "weights differ" in line
        assert not np.array_equal(answer(planted), before)


@pytest.mark.parametrize(
    ("operator", "settings"),
    [
        ("fuzz-weights", {}),
        ("flip-bit", {"bit": 30}),
        ("shuffle-weights", {}),
        ("zero-channel", {}),
    ],
)
def test_a_seed_decides_and_decides_the_same_again(operator: str, settings: dict[str, int]) -> None:
    mod = layer()
    several = [plant(mod, operator, seed=seed, **settings) for seed in range(5)]
    assert not differs(several[3], plant(mod, operator, seed=3, **settings))
    assert any(differs(several[0], other) for other in several[1:])


def test_draws_are_the_same_on_every_machine() -> None:
    # Another generator, or another order of draws, would give other mutants under the same id.
    after = weights(plant(layer(np.ones((3, 2, 1, 1))), "fuzz-weights", sigma=1, seed=7))
    assert np.allclose(after.ravel() - 1, normal(7, 6), rtol=1e-5, atol=1e-6)


def normal(seed: int, count: int) -> list[float]:
    """Box and Muller over SplitMix64, as published."""
    state, uniform = seed, []
    for _ in range(2 * count):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        uniform.append((((z ^ (z >> 31)) >> 11) + 1) * 2.0**-53)
    pairs = zip(uniform[::2], uniform[1::2], strict=True)
    return [math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v) for u, v in pairs]


def test_a_shared_constant_changes_at_one_use_alone() -> None:
    mod = graph("a = R.add(x, b)\nout = R.multiply(a, b)", b=[[[[0.5]], [[2.0]]]])
    first, second = (constant for _, constant in constants_of(mod["main"]))
    assert first.same_as(second)
    mutant = plant(mod, "invert-channel", 1, channel=0)
    assert weights(mutant, 0).ravel().tolist() == [0.5, 2.0]
    assert weights(mutant, 1).ravel().tolist() == [-0.5, 2.0]


def test_what_would_stay_the_same_is_not_offered() -> None:
    empty = layer(np.zeros((3, 2, 3, 3)), np.zeros((1, 3, 1, 1)))
    for operator in set(OPERATORS) - {"flip-bit"}:
        assert offered(empty, operator) == []
    whole = np.array([[[[-127.0]], [[64.0]], [[0.0]]]])
    assert (1, "bits=8") not in offered(layer(KERNEL, whole), "quantise-weights")


def test_single_elements_and_indices_are_no_weights() -> None:
    body = "a = R.add(x, R.const([0.5], 'float32'))\nout = R.take(a, R.const([1, 0], 'int64'), 1)"
    mod = graph(body)
    for operator in OPERATORS:
        assert offered(mod, operator) == []


def test_a_channel_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"zero-channel \[channel=3\] does not fit site 0"):
        plant(layer(), "zero-channel", channel=3)


def test_channels_of_a_dense_layer_are_its_outputs() -> None:
    dense = np.arange(1, 9).reshape(4, 2)
    mod = graph("a = R.matmul(x, w)\nout = R.nn.relu(a)", (1, 4), w=dense)
    assert weights(plant(mod, "zero-channel", channel=1))[:, 1].tolist() == [0, 0, 0, 0]
    mod = graph("t = R.permute_dims(w)\nout = R.matmul(x, t)", (1, 4), w=dense.T)
    assert weights(plant(mod, "zero-channel", channel=1))[1].tolist() == [0, 0, 0, 0]
