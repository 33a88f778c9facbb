"""Preprocessing does the documented steps in the documented order and refuses what it cannot do."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image

from mutatenn.errors import InputError
from mutatenn.model.geometry import resized
from mutatenn.model.preprocess import PRESETS, Preprocess, load_preprocess

COLOUR = hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))
FINITE = st.floats(-300, 300, width=32)
DIVISORS = FINITE.filter(lambda value: abs(value) > 1e-3)


def _applied(settings: Preprocess, pixels: NDArray[np.uint8], *shape: int) -> NDArray[np.float32]:
    return settings.apply(Image.fromarray(pixels), shape, "picture")


def _random(height: int, width: int, channels: int = 3) -> NDArray[np.uint8]:
    shape = (height, width, channels)[: 3 if channels > 1 else 2]
    return np.random.default_rng(7).integers(0, 256, shape, dtype=np.uint8)


def _refusal(settings: Preprocess, *shape: int) -> str:
    with pytest.raises(InputError) as caught:
        _applied(settings, _random(8, 8), *shape)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@settings(deadline=None)
@given(
    COLOUR,
    DIVISORS,
    st.tuples(FINITE, FINITE, FINITE),
    st.tuples(DIVISORS, DIVISORS, DIVISORS),
    st.sampled_from(["rgb", "bgr"]),
)
def test_the_arithmetic_is_divide_then_mean_then_std_of_each_channel(
    pixels: NDArray[np.uint8],
    divide: float,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    channels: str,
) -> None:
    settings = Preprocess(divide=divide, mean=mean, std=std, channels=channels, layout="NCHW")
    height, width, _ = pixels.shape
    result = _applied(settings, pixels, 1, 3, height, width)
    assert result.dtype == np.float32
    assert result.shape == (1, 3, height, width)
    for channel in range(3):
        source = channel if channels == "rgb" else 2 - channel
        expected = (pixels[:, :, source].astype(np.float64) / divide - mean[channel]) / std[channel]
        # A float32 rounding at each step; the subtraction may cancel leading digits.
        scale = (np.abs(pixels[:, :, source] / divide) + abs(mean[channel])) / abs(std[channel])
        np.testing.assert_array_less(
            np.abs(result[0, channel] - expected), scale * 2**-20 + np.float64(1e-30)
        )


@settings(deadline=None)
@given(COLOUR)
def test_nhwc_is_nchw_transposed(pixels: NDArray[np.uint8]) -> None:
    height, width, _ = pixels.shape
    cifar = PRESETS["cifar10"]
    first = _applied(replace(cifar, layout="NCHW"), pixels, 1, 3, height, width)
    last = _applied(replace(cifar, layout="NHWC"), pixels, 1, height, width, 3)
    np.testing.assert_array_equal(first.transpose(0, 2, 3, 1), last)


@settings(deadline=None)
@given(COLOUR, st.data())
def test_a_crop_takes_the_centre(pixels: NDArray[np.uint8], data: st.DataObject) -> None:
    height = data.draw(st.integers(1, pixels.shape[0]))
    width = data.draw(st.integers(1, pixels.shape[1]))
    result = _applied(Preprocess(layout="NHWC"), pixels, 1, height, width, 3)[0]
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    np.testing.assert_array_equal(result, pixels[top : top + height, left : left + width])


@settings(deadline=None)
@given(st.tuples(*[st.integers(1, 60)] * 4))
def test_a_picture_smaller_than_the_crop_just_covers_it(sizes: tuple[int, ...]) -> None:
    height, width, crop_height, crop_width = sizes
    scaled = resized((height, width), None, (crop_height, crop_width))
    if height >= crop_height and width >= crop_width:
        assert scaled == (height, width)
        return
    assert scaled[0] >= crop_height
    assert scaled[1] >= crop_width
    assert scaled[0] == crop_height or scaled[1] == crop_width
    factor = max(Fraction(crop_height, height), Fraction(crop_width, width))
    assert abs(scaled[0] - height * factor) <= Fraction(1, 2)
    assert abs(scaled[1] - width * factor) <= Fraction(1, 2)


def test_one_number_resizes_the_shorter_side_and_keeps_the_ratio() -> None:
    pixels = _random(20, 40)
    result = _applied(Preprocess(resize=10), pixels, 1, 3, 10, 10)
    small = np.asarray(Image.fromarray(pixels).resize((20, 10), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(result[0].transpose(1, 2, 0), small[:, 5:15])


def test_two_numbers_resize_to_height_and_width() -> None:
    pixels = _random(20, 40)
    result = _applied(Preprocess(resize=(6, 8)), pixels, 1, 3, 6, 8)
    small = np.asarray(Image.fromarray(pixels).resize((8, 6), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(result[0].transpose(1, 2, 0), small)


def test_a_resize_below_the_model_size_is_refused() -> None:
    assert "picture is 4x4" in _refusal(Preprocess(resize=4), 1, 3, 8, 8)


def test_a_grey_picture_fills_the_three_channels_of_a_colour_model() -> None:
    pixels = _random(5, 5, 1)
    result = _applied(PRESETS["raw"], pixels, 1, 3, 5, 5)
    for channel in range(3):
        np.testing.assert_array_equal(result[0, channel], pixels)


def test_the_mnist_preset_is_grey_without_scaling() -> None:
    pixels = _random(28, 28, 1)
    result = _applied(PRESETS["mnist"], pixels, 1, 1, 28, 28)
    np.testing.assert_array_equal(result[0, 0], pixels)


def test_a_colour_picture_becomes_grey_by_its_luma() -> None:
    pixels = _random(28, 28)
    result = _applied(PRESETS["mnist"], pixels, 1, 1, 28, 28)
    np.testing.assert_allclose(result[0, 0], pixels @ [0.299, 0.587, 0.114], atol=0.51)


@pytest.mark.parametrize(
    ("name", "white"),
    [("imagenet", [2.2489083, 2.4285715, 2.64]), ("cifar10", [2.0591093, 2.1264887, 2.1158257])],
)
def test_a_white_pixel_gets_the_values_of_the_preset(name: str, white: list[float]) -> None:
    result = _applied(PRESETS[name], np.full((4, 4, 3), 255, np.uint8), 1, 3, 4, 4)
    np.testing.assert_allclose(result[0, :, 0, 0], white, rtol=1e-6)


@pytest.mark.parametrize(
    ("settings", "shape", "told"),
    [
        (Preprocess(), (1, 10), "takes no picture"),
        (Preprocess(), (4, 3, 8, 8), "batch 1"),
        (Preprocess(), (1, 7, 8, 8), "1 or 3 channels"),
        (Preprocess(), (1, 3, 8, 3), "NCHW and as NHWC"),
        (Preprocess(layout="NHWC"), (1, 3, 8, 8), "layout NHWC"),
        (Preprocess(crop=(4, 4)), (1, 3, 8, 8), "crop is (4, 4)"),
        (PRESETS["imagenet"], (1, 1, 8, 8), "mean of 3 channels"),
        (PRESETS["mnist"], (1, 3, 8, 8), "channels 'grey'"),
        (Preprocess(channels="bgr"), (1, 1, 8, 8), "channels 'bgr'"),
        (Preprocess(std=(1.0, 2.0, 3.0)), (1, 1, 8, 8), "std of 3 channels"),
    ],
)
def test_a_model_that_the_settings_do_not_fit_is_refused(
    settings: Preprocess, shape: tuple[int, ...], told: str
) -> None:
    assert told in _refusal(settings, *shape)


def test_a_toml_file_says_everything(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        "resize = 128\ncrop = [96, 64]\ndivide = 2\nmean = [128, 127.5, 1]\nstd = 128\n"
        'layout = "NHWC"\nchannels = "bgr"\n'
    )
    assert load_preprocess(str(path)) == Preprocess(
        resize=128,
        crop=(96, 64),
        divide=2.0,
        mean=(128.0, 127.5, 1.0),
        std=(128.0,),
        layout="NHWC",
        channels="bgr",
    )


def test_one_crop_number_is_a_square_and_an_empty_file_is_raw(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("crop = 64\n")
    assert load_preprocess(str(path)).crop == (64, 64)
    path.write_text("")
    assert load_preprocess(str(path)) == PRESETS["raw"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("size = 3", "unknown key 'size'"),
        ("divide = true", "divide is True"),
        ('divide = "255"', "divide is '255'"),
        ("divide = 0", "divide holds a zero"),
        ("divide = 1e-60", "divide holds a zero"),
        ("divide = nan", "not finite"),
        ("mean = [1, 'a', 2]", "each of mean is 'a'"),
        ("mean = []", "mean has 0 numbers"),
        ("mean = [1, 2]", "mean has 2 numbers"),
        ("mean = 1e300", "not finite"),
        (f"mean = 1{'0' * 400}", "not finite"),
        ("std = [1, 0, 1]", "std holds a zero"),
        ("std = {a = 1}", "std is"),
        ("resize = 2.5", "resize is 2.5"),
        ("resize = 0", "resize is 0"),
        ("resize = [1]", "resize has 1 numbers"),
        ("crop = [4, -1]", "crop is -1"),
        ("crop = true", "crop is True"),
        ("layout = 'CHW'", "layout is 'CHW'"),
        ("layout = 4", "layout is 4"),
        ("channels = 3", "channels is 3"),
        ("channels = 'red'", "channels is 'red'"),
        ("divide = ", "not a valid TOML file"),
    ],
)
def test_a_wrong_toml_file_is_refused_in_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load_preprocess(str(path))
    assert str(path) in str(caught.value)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_toml_file_and_an_unknown_preset_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_preprocess(str(tmp_path / "none.toml"))
    with pytest.raises(InputError, match=r"no preprocessing 'coco'; choose imagenet, cifar10"):
        load_preprocess("coco")


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_manifest_form_rebuilds_the_settings(name: str) -> None:
    stored = json.loads(json.dumps(PRESETS[name].to_dict()))
    rebuilt: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
    assert Preprocess(**rebuilt) == PRESETS[name]
