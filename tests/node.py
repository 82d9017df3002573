"""Node's packages for tests: what a folder's own lock names."""

import shutil
import subprocess
from pathlib import Path

import pytest


def installed(folder: Path) -> Path:
    """The folder with its packages; skips where there is no Node or they cannot be fetched."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no Node: apt-get install nodejs npm")
    if not (folder / "node_modules").is_dir():
        command = ["npm", "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=180)
        if done.returncode:
            pytest.skip(f"npm cannot fetch what {folder.name} needs: {done.stderr:.300}")
    return folder
