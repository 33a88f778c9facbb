"""Fixtures that any test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[2]

# The same examples in every run, and nothing that asks how long one took: that says nothing about
# its being right. `--hypothesis-profile=explore` looks for new ones.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("explore"), derandomize=True)
settings.load_profile("same")


@pytest.fixture(scope="session")
def data() -> Path:
    """The read-only folder of models and images; tests are skipped where there is none."""
    folder = Path(os.environ.get("MUTATENN_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"there is no test data at {folder}; set MUTATENN_TEST_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout that this test lies in."""
    return ROOT
