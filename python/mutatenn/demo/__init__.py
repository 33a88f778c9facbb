"""Where the demo's model and its held-out images lie in the installed package."""

from __future__ import annotations

from pathlib import Path


def model_path() -> Path:
    """Returns the path of the ONNX model; its input ``input`` is float32 [1, 1, 8, 8]."""
    return Path(__file__).with_name("digits.onnx")


def inputs_path() -> Path:
    """Returns the path of 100 held-out images.

    A ``.npz`` file with ``images``, float32 [100, 1, 1, 8, 8] as the model takes them, and
    ``labels``, int64 [100].
    """
    return Path(__file__).with_name("digits.npz")
