"""Jars of servers that are written in Java, by Maven."""

import contextlib
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest

FETCH_WAIT_S = 240


def jars(project: Path) -> Path:
    """A folder with what a project's pom.xml names, fetched once for each pom.xml; skips where it cannot be fetched."""
    if not shutil.which("java") or not shutil.which("mvn"):
        pytest.skip("there is no Java with Maven: apt-get install default-jdk-headless maven")
    found = project / "target" / sha256((project / "pom.xml").read_bytes()).hexdigest()[:12]
    if not found.exists():
        found.parent.mkdir(exist_ok=True)
        fresh = tempfile.mkdtemp(dir=found.parent)
        command = ["mvn", "--quiet", "--batch-mode", "dependency:copy-dependencies", f"-DoutputDirectory={fresh}"]
        try:
            subprocess.run(command, check=True, cwd=project, stdout=subprocess.PIPE, text=True, timeout=FETCH_WAIT_S)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            shutil.rmtree(fresh)
            pytest.skip(f"Maven cannot fetch what {project.name}/pom.xml names: {error.stdout or error!s:.300}")
        with contextlib.suppress(OSError):  # somebody else was faster
            Path(fresh).rename(found)
    return found
