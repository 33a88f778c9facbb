"""The operator ``repeat-operand``, which is made in C++: see ``operators.cc``."""

from __future__ import annotations

from pathlib import Path

from mutatenn.plugin import NativeLibrary

LIBRARY = NativeLibrary(Path(__file__).parent / "liboperators.so")
