"""Graph preparation: Relax passes that make a model ready for fast kernels, each usable alone."""
