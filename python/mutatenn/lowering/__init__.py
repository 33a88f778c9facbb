"""Lowering: the model once to fused kernels and a plan; one kernel at a time to a library."""

from __future__ import annotations

from mutatenn.lowering.tir_halves import tir_pipeline

__all__ = ["tir_pipeline"]
