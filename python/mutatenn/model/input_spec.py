"""What one input of a model is called and what array it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mutatenn.errors import InputError


@dataclass(frozen=True)
class InputSpec:
    """One input of a model.

    Attributes:
        name: The name of the input in the model.
        shape: What the model takes in one call, batch dimension included, such as (1, 3, 32, 32).
        dtype: The element type by its NumPy name, such as ``float32``.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str

    def numpy_dtype(self) -> np.dtype[Any]:
        """Returns the NumPy type of ``dtype``.

        Raises:
            InputError: NumPy has no such type, or it is not one of numbers or truth values.
        """
        try:
            dtype = np.dtype(self.dtype)
        except TypeError:
            dtype = None
        if dtype is None or dtype.kind not in "biuf":
            raise InputError(
                f"the model's input {self.name!r} takes elements of type {self.dtype}, which NumPy "
                "cannot hold; export the model with float, integer or bool inputs"
            )
        return dtype

    def described(self) -> str:
        """Returns the input as error messages name it."""
        return f"the model's input {self.name!r} of shape {list(self.shape)}"
