"""Resizes and crops a picture to the height and width that a model takes."""

from __future__ import annotations

from PIL import Image

from mutatenn.errors import InputError

Size = tuple[int, int]
"""Height and width in pixels, in this order."""


def fit(picture: Image.Image, resize: int | Size | None, crop: Size, name: str) -> Image.Image:
    """Returns the centre of ``picture`` with exactly ``crop`` pixels.

    Resizing is Pillow's bilinear filter. Without ``resize`` a picture that is smaller than
    ``crop`` is enlarged, its sides' ratio kept, until it just covers it. Where an odd number of
    pixels is cropped, one more goes at the bottom and at the right.

    Args:
        picture: Any mode, any size.
        resize: None; the new length of the shorter side, ratio kept; or the new (height, width).
        crop: The height and width to cut out.
        name: The picture's name, for the error.

    Raises:
        InputError: The picture is smaller than ``crop`` after ``resize``.
    """
    size = (picture.height, picture.width)
    scaled = resized(size, resize, crop)
    if scaled[0] < crop[0] or scaled[1] < crop[1]:
        raise InputError(
            f"{name} is {scaled[0]}x{scaled[1]} (height x width) after the resize and the model "
            f"takes {crop[0]}x{crop[1]}; set resize to at least that in the --preprocess file"
        )
    if scaled != size:
        picture = picture.resize((scaled[1], scaled[0]), Image.Resampling.BILINEAR)
    top, left = (scaled[0] - crop[0]) // 2, (scaled[1] - crop[1]) // 2
    return picture.crop((left, top, left + crop[1], top + crop[0]))


def resized(size: Size, resize: int | Size | None, crop: Size) -> Size:
    """Returns the height and width that a picture of ``size`` has before it is cropped."""
    if isinstance(resize, tuple):
        return resize
    if resize is not None:
        return _cover(size, (resize, resize))
    if size[0] < crop[0] or size[1] < crop[1]:
        return _cover(size, crop)
    return size


def _cover(size: Size, box: Size) -> Size:
    # Whole numbers throughout: a rounded-down float would leave the box uncovered by one pixel.
    height, width = size
    if box[0] * width >= box[1] * height:
        return box[0], max(box[1], (width * box[0] + height // 2) // height)
    return max(box[0], (height * box[1] + width // 2) // width), box[1]
