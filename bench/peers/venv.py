"""A peer's own Python, made once for each lock under TMPDIR from the registry that pip is set to."""

import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

INSTALL_S = 600


class Missing(Exception):
    """A peer cannot be had here; why."""


def python_of(peer: str) -> str:
    """The interpreter that has what bench/peers/PEER.lock names. Raises Missing."""
    lock = Path(__file__).with_name(f"{peer}.lock")
    version = sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"vendue-bench-{peer}-{version}"
    python, note = folder / "bin" / "python", folder / "installed"
    if note.exists():
        return str(python)
    print(f"installing {peer} from its lock, once …", flush=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, capture_output=True, timeout=60)
        subprocess.run([*install, "-r", str(lock)], check=True, capture_output=True, text=True, timeout=INSTALL_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{peer} cannot be installed: {error.stderr or error!s:.300}") from error
    note.touch()
    return str(python)
