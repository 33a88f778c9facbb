"""Lowering: the model once to fused kernels and a plan; one kernel at a time to a library."""
