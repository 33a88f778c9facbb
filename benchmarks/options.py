"""Command-line options that several benchmarks share."""

from __future__ import annotations

import argparse
import os


def add_models(parser: argparse.ArgumentParser) -> None:
    """``--models``: a list of names."""
    parser.add_argument(
        "--models",
        type=lambda text: text.split(","),
        metavar="A,B",
        help="names or .onnx files (default: all, or three with --quick)",
    )


def add_threads(parser: argparse.ArgumentParser, default: int | None = None) -> None:
    """``--threads``: a whole number of at least 1; the cores there are unless ``default`` says."""
    parser.add_argument(
        "--threads",
        type=_positive,
        default=default or len(os.sched_getaffinity(0)),
        metavar="N",
        help="threads that share the work (default: %(default)s)",
    )


def add_rows(parser: argparse.ArgumentParser) -> None:
    """``--rows``: a whole number of at least 1."""
    parser.add_argument(
        "--rows",
        type=_positive,
        metavar="N",
        help="images to compare on, at most (default: 100, quick: 4)",
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number
