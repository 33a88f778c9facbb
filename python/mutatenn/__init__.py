"""mutatenn: IR-level mutation testing for deep-learning compilers.

The package is a set of rooms through which a model flows: ``model`` → ``mutation`` →
``lowering`` → ``device`` → ``oracle`` → ``campaign`` → ``analysis`` → ``report``. The names below
are the whole public interface; ``mutatenn.transform`` holds the operators as TVM passes.
"""

# ruff: noqa: E402  (TVM's types must be registered before the extension looks them up)
from __future__ import annotations

import tvm  # noqa: F401

from mutatenn import _core
from mutatenn._version_check import require_matching_tvm_ffi

require_matching_tvm_ffi(_core.TVM_FFI_VERSION)

from mutatenn import transform
from mutatenn.api import load, repeat, resume, run, save, sites

__version__ = "0.1.0"
__all__ = ["__version__", "load", "repeat", "resume", "run", "save", "sites", "transform"]
