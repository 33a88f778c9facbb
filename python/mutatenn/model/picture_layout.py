"""Tells which axis of a model's input is the picture's height, width and channel."""

from __future__ import annotations

from dataclasses import dataclass

from mutatenn.errors import InputError

LAYOUTS = ("NCHW", "NHWC")
_CHANNEL_COUNTS = (1, 3)


@dataclass(frozen=True)
class PictureLayout:
    """The axes of a four-dimensional input that takes one picture.

    Attributes:
        layout: ``NCHW`` or ``NHWC``.
        channels: 1 (grey) or 3 (colour).
        height: In pixels.
        width: In pixels.
    """

    layout: str
    channels: int
    height: int
    width: int

    @property
    def channel_axis(self) -> int:
        """The axis of the channels in the input's shape."""
        return self.layout.index("C")


def picture_layout(shape: tuple[int, ...], layout: str | None) -> PictureLayout:
    """Returns how an input of ``shape`` takes a picture.

    Without ``layout`` it is told from the one axis that can be 1 or 3 channels.

    Args:
        shape: [1, C, H, W] or [1, H, W, C], C being 1 or 3.
        layout: ``NCHW``, ``NHWC`` or None.

    Raises:
        InputError: The shape takes no single picture, or both layouts would fit it.
    """
    if len(shape) != 4:
        raise InputError(
            f"the model's input has shape {list(shape)}, which takes no picture; give its inputs "
            "as .npy or .npz"
        )
    if shape[0] != 1:
        raise InputError(
            f"the model's input of shape {list(shape)} takes {shape[0]} pictures in one call; "
            "load the model with batch 1"
        )
    fitting = [
        candidate
        for candidate in ((layout,) if layout else LAYOUTS)
        if shape[candidate.index("C")] in _CHANNEL_COUNTS
    ]
    if not fitting:
        raise InputError(
            f"the model's input of shape {list(shape)} has no axis of 1 or 3 channels in layout "
            f"{layout or ' or '.join(LAYOUTS)}; give its inputs as .npy or .npz"
        )
    if len(fitting) > 1:
        raise InputError(
            f"the model's input of shape {list(shape)} can be read as {' and as '.join(fitting)}; "
            "say which with the key layout in a --preprocess file"
        )
    sizes = dict(zip(fitting[0], shape, strict=True))
    return PictureLayout(fitting[0], sizes["C"], sizes["H"], sizes["W"])
