"""What TVM says in an error, without the C++ traceback above it."""

from __future__ import annotations


def is_tvm_error(error: BaseException) -> bool:
    """Whether an exception was raised by TVM, and not by Python."""
    return hasattr(error, "__tvm_ffi_error__")


def last_line(error: BaseException) -> str:
    """The last line of an error of TVM, which holds the message."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(error).__name__
