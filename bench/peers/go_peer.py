"""The peer in Go, compiled once for each version of its sources under TMPDIR."""

import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

from bench.peers.venv import Missing

SAYS = '{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"lot"}}'
"""How one subscribes at centrifuge, and how the last answer to that ends."""
HEARD = '"subscribe":{}}'
BUILD_S = 600
_SOURCES = Path(__file__).with_name("centrifuge")
_USUALLY = "/usr/local/go/bin"


def centrifuge() -> str:
    """The program. Raises Missing."""
    go = shutil.which("go", path=f"{os.environ.get('PATH', '')}:{_USUALLY}")
    if go is None:
        raise Missing("centrifuge needs Go, which is not here")
    version = sha256(b"".join((_SOURCES / name).read_bytes() for name in ("main.go", "go.mod", "go.sum")))
    program = Path(tempfile.gettempdir()) / f"vendue-bench-centrifuge-{version.hexdigest()[:12]}"
    if not program.exists():
        print("compiling centrifuge, once …", flush=True)
        command, own = [go, "build", "-o", str(program), "."], {"GOTOOLCHAIN": "local"}
        try:
            subprocess.run(
                command, cwd=_SOURCES, env=os.environ | own, check=True, capture_output=True, text=True, timeout=BUILD_S
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise Missing(f"centrifuge cannot be compiled: {error.stderr or error!s:.300}") from error
    return str(program)
