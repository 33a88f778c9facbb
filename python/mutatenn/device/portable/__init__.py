"""What runs plans on accelerators: NumPy and PyOpenCL or CuPy are enough, here and in bundles."""
