"""Compares the tvm-ffi that the extension was compiled against with the one that is installed."""

from __future__ import annotations

import importlib.metadata


def require_matching_tvm_ffi(compiled_against: str) -> None:
    """Refuse to go on with another tvm-ffi: its C++ layout is not stable between versions.

    Args:
        compiled_against: version of apache-tvm-ffi whose headers built ``mutatenn._core``.

    Raises:
        ImportError: the installed version is another one.
    """
    installed = importlib.metadata.version("apache-tvm-ffi")
    if installed != compiled_against:
        raise ImportError(
            f"mutatenn was compiled against apache-tvm-ffi {compiled_against} but {installed} is "
            f"installed: run `pip install apache-tvm-ffi=={compiled_against}` or reinstall mutatenn"
        )
