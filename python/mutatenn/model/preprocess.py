"""Turns a decoded picture into the array that a model takes: the presets and their arithmetic.

The steps, always in this order: decode to RGB, BGR or grey; resize (Pillow, bilinear); centre crop
to the model's height and width; float32; divide; subtract the mean and divide by the standard
deviation, per channel; layout NCHW or NHWC; a leading batch dimension of 1.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mutatenn.errors import InputError
from mutatenn.model.geometry import Size, fit
from mutatenn.model.picture_layout import LAYOUTS, PictureLayout, picture_layout
from mutatenn.model.preprocess_file import read_settings

CHANNELS = ("rgb", "bgr", "grey")


def _float32(value: float) -> float:
    with np.errstate(over="ignore", under="ignore"):
        return float(np.float32(value))


@dataclass(frozen=True)
class Preprocess:
    """How a picture becomes an input; what is not given comes from the model's input shape.

    Attributes:
        resize: The length in pixels that the shorter side gets, the sides' ratio kept, or the
            (height, width) that the picture gets. None: no resize, except that a picture smaller
            than the crop is enlarged, ratio kept, until it covers the crop.
        crop: The (height, width) in pixels of the centre crop; None: the model's. Another size
            than the model's is refused.
        divide: Every value, 0 to 255 after decoding, is divided by this first.
        mean: Then this is subtracted: one number, or one for each channel.
        std: Then it is divided by this: one number, or one for each channel.
        layout: ``NCHW`` or ``NHWC``; None: told from the model's input shape.
        channels: ``rgb``, ``bgr`` or ``grey``; None: grey where the model takes one channel, else
            rgb. A number of channels other than the model's is refused.
    """

    resize: int | Size | None = None
    crop: Size | None = None
    divide: float = 1.0
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)
    layout: str | None = None
    channels: str | None = None

    def __post_init__(self) -> None:
        """Refuses values that no picture could be prepared with.

        Raises:
            InputError: A size below 1, a number that is not finite, a division by zero, or a word
                that is not one of those listed.
        """
        for key, sizes in (("resize", self.resize), ("crop", self.crop)):
            for size in (sizes,) if isinstance(sizes, int) else sizes or ():
                if size < 1:
                    raise InputError(f"{key} is {size}, and must be at least 1 pixel")
        for key, values in (("divide", (self.divide,)), ("mean", self.mean), ("std", self.std)):
            if len(values) not in (1, 3):
                raise InputError(f"{key} has {len(values)} numbers, and must have 1 or 3")
            # float32 is what divides: a number that it rounds to zero or infinity is no better.
            narrow = [_float32(value) for value in values]
            if not all(math.isfinite(value) for value in narrow):
                raise InputError(f"{key} holds a number that is not finite; give a finite one")
            if key != "mean" and not all(narrow):
                raise InputError(f"{key} holds a zero, and nothing can be divided by it")
        for key, word, words in (
            ("layout", self.layout, LAYOUTS),
            ("channels", self.channels, CHANNELS),
        ):
            if word is not None and word not in words:
                raise InputError(f"{key} is {word!r}, and must be one of {', '.join(words)}")

    def apply(self, picture: Image.Image, shape: tuple[int, ...], name: str) -> NDArray[np.float32]:
        """Returns ``picture`` as the model takes it.

        Args:
            picture: A decoded picture whose mode Pillow converts to RGB or L.
            shape: The model's input: [1, C, H, W] or [1, H, W, C], C being 1 or 3.
            name: The picture's name, for errors.

        Returns:
            A float32 array of ``shape``.

        Raises:
            InputError: The picture or these settings do not fit ``shape``.
        """
        target = self.target(shape)
        channels = self.channels or ("grey" if target.channels == 1 else "rgb")
        picture = picture.convert("L" if channels == "grey" else "RGB")
        crop = (target.height, target.width)
        pixels = np.asarray(fit(picture, self.resize, crop, name), dtype=np.float32)
        pixels = pixels.reshape(*crop, target.channels)
        if channels == "bgr":
            pixels = pixels[..., ::-1]
        if target.layout == "NCHW":
            pixels = pixels.transpose(2, 0, 1)
        return self.scale(np.ascontiguousarray(pixels[np.newaxis]), target.channel_axis)

    def scale(self, values: NDArray[np.float32], channel_axis: int) -> NDArray[np.float32]:
        """Returns ``(values / divide - mean) / std``, all in float32.

        Args:
            values: float32 of any shape, 0 to 255.
            channel_axis: The axis that ``mean`` and ``std`` run along.
        """
        shape = [1] * values.ndim
        shape[channel_axis] = -1
        mean = np.asarray(self.mean, np.float32).reshape(shape)
        std = np.asarray(self.std, np.float32).reshape(shape)
        return np.asarray((values / np.float32(self.divide) - mean) / std, dtype=np.float32)

    def target(self, shape: tuple[int, ...]) -> PictureLayout:
        """Returns how an input of ``shape`` takes a picture, checked against these settings.

        Raises:
            InputError: ``shape`` takes no single picture, or another one than these settings make.
        """
        target = picture_layout(shape, self.layout)
        if self.crop not in (None, (target.height, target.width)):
            raise InputError(
                f"crop is {self.crop} (height, width) and the model's input of shape "
                f"{list(shape)} takes {(target.height, target.width)}; leave crop out or make it so"
            )
        for key, values in (("mean", self.mean), ("std", self.std)):
            if len(values) not in (1, target.channels):
                raise _misfit(f"{key} of {len(values)} channels", shape, target)
        if self.channels is not None and (self.channels == "grey") != (target.channels == 1):
            raise _misfit(f"channels {self.channels!r}", shape, target)
        return target

    @property
    def changes_values(self) -> bool:
        """Whether the arithmetic does anything."""
        return self.divide != 1 or any(self.mean) or any(value != 1 for value in self.std)

    @property
    def changes_geometry(self) -> bool:
        """Whether a resize or a crop is asked for by number."""
        return self.resize is not None or self.crop is not None

    def to_dict(self) -> dict[str, Any]:
        """Returns all settings as JSON can hold them, for the manifest."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_dict(cls, settings: dict[str, Any]) -> Preprocess:
        """The inverse of ``to_dict``."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in settings.items()
        }
        return cls(**values)


PRESETS = {
    "imagenet": Preprocess(
        divide=255.0, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225), channels="rgb"
    ),
    "cifar10": Preprocess(
        divide=255.0, mean=(0.4914, 0.4822, 0.4465), std=(0.2470, 0.2435, 0.2616), channels="rgb"
    ),
    "mnist": Preprocess(channels="grey"),
    "raw": Preprocess(),
}
"""The preprocessings that have a name. All of them crop the centre to the model's size."""


def is_file(name: str) -> bool:
    """Whether a preprocessing is named by a file, not by a preset."""
    return name not in PRESETS and name.lower().endswith(".toml")


def load_preprocess(name: str) -> Preprocess:
    """Returns the preset of this name, or what the TOML file of this name says.

    Raises:
        InputError: There is no such preset, or the file cannot be read or is not valid.
    """
    if name in PRESETS:
        return PRESETS[name]
    if is_file(name):
        path = Path(name)
        settings = read_settings(path)
        try:
            return Preprocess(**settings)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error
    raise InputError(
        f"there is no preprocessing {name!r}; choose {', '.join(PRESETS)} or a .toml file"
    )


def _misfit(what: str, shape: tuple[int, ...], target: PictureLayout) -> InputError:
    return InputError(
        f"the preprocessing has {what}, and the model's input of shape {list(shape)} takes "
        f"{target.channels}; choose another --preprocess"
    )
