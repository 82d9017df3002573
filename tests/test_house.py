"""What must hold of the files themselves."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_LINES = 400

# Where packages come from and where a checkout stands is each machine's own business.
FOREIGN = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|yarnpkg\.com|maven\.org|maven\.apache\.org|proxy\.golang\.org|crates\.io"
    r"|(?<![\w.~-])/(work|root)/"
)


@pytest.fixture(scope="module")
def committed() -> list[Path]:
    """The files that git knows and that are still there, relative to the root."""
    # A checkout may belong to another user than the one who tests it.
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        pytest.skip(f"not a git checkout, or no git here: {error}")
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_source_file_is_too_long_to_read_at_a_sitting(committed: list[Path]) -> None:
    sources = [path for path in committed if path.is_relative_to("src")]
    lengths = {str(path): len((ROOT / path).read_bytes().splitlines()) for path in sources}
    assert lengths, "git lists nothing under src/"
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_no_committed_file_names_a_registry_or_a_path_of_one_machine(committed: list[Path]) -> None:
    named = {}
    for path in committed:
        found = FOREIGN.search((ROOT / path).read_text(encoding="utf-8", errors="ignore"))
        if found:
            named[str(path)] = found.group()
    assert named == {}


def test_locks_hold_no_address(committed: list[Path]) -> None:
    locks = [path for path in committed if path.suffix == ".lock"]
    assert locks, "git lists no lock"
    assert [str(path) for path in locks if "://" in (ROOT / path).read_text()] == []
