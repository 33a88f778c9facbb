"""Which output of a model holds the scores of classes, and what labels it needs."""

from __future__ import annotations

import math

from mutatenn.errors import InputError
from mutatenn.oracle.base import Labels, Shapes


def class_output(shapes: Shapes) -> int | None:
    """The output of a classifier: the model's only one, two or more classes for each image.

    Args:
        shapes: shape of each model output, batch included: (classes,), (images, classes), or that
            with axes of 1 between.

    Returns:
        Its index, or None for another model.
    """
    if len(shapes) != 1 or not shapes[0]:
        return None
    return 0 if shapes[0][-1] > 1 and math.prod(shapes[0][1:-1]) == 1 else None


def require_classes(asked: str, output: int | None, shapes: Shapes) -> tuple[int, ...]:
    """The shape of the output that a rule about classes looks at.

    Args:
        asked: what needs classes, for the message.
        output: index of that output; None for the only one.
        shapes: shape of each model output, batch included.

    Raises:
        InputError: there is not exactly one output and none was chosen, the chosen one does not
            exist, or it has fewer than two classes on its last axis.
    """
    listed = ", ".join(str(tuple(shape)) for shape in shapes)
    if output is None and len(shapes) != 1:
        raise InputError(
            f"{asked} needs one output of classes and the model has {len(shapes)}, of shapes "
            f"{listed}; choose one by its index from 0, as in top1:output=1, or use exact, "
            "allclose or ulp, which look at all"
        )
    index = output or 0
    if index >= len(shapes):
        raise InputError(
            f"{asked} asks for output {index} and the model's outputs end at "
            f"{len(shapes) - 1} (shapes {listed}); choose one of them"
        )
    shape = tuple(shapes[index])
    if not shape or shape[-1] < 2:
        raise InputError(
            f"{asked} needs two or more classes on the last axis and output {index} of the model "
            f"has the shape {shape}; use exact, allclose or ulp instead"
        )
    return shape


def require_labels(asked: str, shape: tuple[int, ...], labels: Labels | None) -> None:
    """Refuse labels that are missing, or that cannot be compared with an output of ``shape``.

    Raises:
        InputError: there are none, a row holds more than one image, or a label is no class.
    """
    if labels is None:
        raise InputError(
            f"{asked} needs labels; give --labels, or a labels.csv beside the pictures"
        )
    images = math.prod(shape[:-1])
    if images != 1:
        raise InputError(
            f"{asked} needs one prediction for each input and an output of shape {shape} holds "
            f"{images}; load the model with a batch of 1, or choose an oracle without labels"
        )
    if labels.size and not 0 <= int(labels.min()) <= int(labels.max()) < shape[-1]:
        wrong = int(labels.min()) if labels.min() < 0 else int(labels.max())
        raise InputError(
            f"{asked} meets the label {wrong} and the model's classes are 0 to {shape[-1] - 1}; "
            "give the labels of this model"
        )
