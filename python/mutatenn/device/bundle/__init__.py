"""What a bundle runs: NumPy and PyOpenCL or CuPy are enough; neither TVM nor an installation."""
