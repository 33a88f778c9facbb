"""Lists the pictures of a folder and decodes one."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from PIL import Image

from mutatenn.errors import InputError

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp")
_ARRAY_SUFFIXES = (".npy", ".npz")
_DEEP_MODES = ("I", "F")
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def list_pictures(folder: Path) -> list[Path]:
    """Returns the pictures in ``folder`` sorted by name; subfolders are not looked into.

    Hidden files and files that are neither pictures nor arrays (notes, labels) are passed over.

    Raises:
        InputError: There is none, the folder cannot be read, or it also holds pictures or arrays
            in formats that would be left out.
    """
    try:
        files = sorted(
            (path for path in folder.iterdir() if path.is_file() and path.name[0] != "."),
            key=lambda path: path.name,
        )
    except OSError as error:
        raise InputError(f"the folder {folder} cannot be read ({error.strerror})") from error
    refused = set(Image.registered_extensions()) - set(SUFFIXES) | set(_ARRAY_SUFFIXES)
    for path in files:
        if path.suffix.lower() in refused:
            raise InputError(
                f"{path} is not a {', '.join(SUFFIXES)} picture; convert it or move it elsewhere"
            )
    pictures = [path for path in files if path.suffix.lower() in SUFFIXES]
    if not pictures:
        raise InputError(
            f"the folder {folder} holds no picture; put {', '.join(SUFFIXES)} files right in it"
        )
    return pictures


def decode(path: Path) -> Image.Image:
    """Returns the picture at ``path``, fully decoded, in a mode that converts to RGB and L.

    An embedded colour profile and an EXIF orientation are not applied.

    Raises:
        InputError: The file cannot be read or is damaged, has more than 8 bits in a channel, or is
            partly transparent.
    """
    try:
        with Image.open(path, formats=("PNG", "JPEG", "BMP")) as picture:
            picture.load()
            # Pillow would cut 16 bits to 8, and show what transparency hides.
            if picture.mode.split(";")[0] in _DEEP_MODES:
                raise InputError(
                    f"{path} has more than 8 bits in a channel; convert it to an 8-bit picture"
                )
            if _transparent(picture):
                raise InputError(f"{path} is partly transparent; save it without transparency")
            return picture.copy()
    except _DAMAGE as error:
        raise InputError(
            f"the picture {path} is damaged or not what its name says "
            f"({type(error).__name__}: {_one_line(error)}); replace or remove it"
        ) from error


def _transparent(picture: Image.Image) -> bool:
    if not picture.has_transparency_data:
        return False
    return any(picture.convert("RGBA").getchannel("A").histogram()[:255])


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or "no details"
