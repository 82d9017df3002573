"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data, beside the repository or where `VENDUE_SHARED` says."""
    folder = Path(os.environ.get("VENDUE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; VENDUE_SHARED names another place")
    return folder
