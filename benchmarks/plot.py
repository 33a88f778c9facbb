"""A picture of an inference result: each model's time beside ONNX Runtime's."""

from __future__ import annotations

from pathlib import Path

from benchmarks.inference_result import DEFAULT, MEAN, OURS, REFERENCE, InferenceResult
from benchmarks.result import machine
from mutatenn.errors import InputError, MissingToolError

SUFFIXES = (".svg", ".png", ".pdf")


def check_plot(path: Path) -> None:
    """Refuse, before anything is measured, a file that could not be written at the end.

    Raises:
        InputError: its suffix is none of ``SUFFIXES``, or its folder is not there.
        MissingToolError: matplotlib is not installed.
    """
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path} ends in none of {', '.join(SUFFIXES)}; give one that does")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is no folder; make it first")
    try:
        import matplotlib  # noqa: F401, PLC0415  (an extra, needed for plots alone)
    except ImportError as error:
        raise MissingToolError(
            "matplotlib is not installed: install mutatenn[benchmarks], or leave --plot out"
        ) from error


def write_plot(result: InferenceResult, path: Path) -> None:
    """Write the picture: one row per model, times relative to ONNX Runtime's, logarithmic."""
    import matplotlib as mpl  # noqa: PLC0415  (an extra, needed for plots alone)
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.rcParams["svg.hashsalt"] = "mutatenn"
    names = [model.name for model in result.models]
    figure = Figure(figsize=(9, 1.6 + 0.3 * len(names)), layout="constrained")
    axes = figure.subplots()
    for engine, colour, marker in ((OURS, "#1f77b4", "o"), (DEFAULT, "#999999", "s")):
        ratios = [model.median(engine) / model.median(REFERENCE) for model in result.models]
        axes.scatter(ratios, names, color=colour, marker=marker, label=engine, zorder=3)
        for name, ratio in zip(names, ratios, strict=True):
            axes.annotate(
                f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}",
                (ratio, name),
                xytext=(7, -3),
                textcoords="offset points",
                fontsize=8,
            )
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    axes.set_xlim(low, high * 1.5)
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    axes.set_xlabel(f"time per image ÷ {REFERENCE}'s (median of blocks)")
    mean = result.ratios[f"{MEAN}{OURS} ÷ {REFERENCE}"]
    axes.set_title(
        f"{machine()}\n{result.settings()}\ngeometric mean of {OURS} ÷ {REFERENCE}: {mean:.2f}",
        fontsize=8,
    )
    axes.legend(loc="lower right")
    figure.savefig(path)
