"""The official client of Strapi, unchanged, in Node, against a running Vendue."""

import asyncio
import base64
import os
from pathlib import Path

import pytest

from tests.faults.process import SECRET, Vendue
from tests.files.pictures import encoded, halves
from tests.node import installed
from vendue.api.tokens import Tokens
from vendue.assemble import open_catalogue

PROJECT = Path(__file__).parent / "strapi_client"


@pytest.fixture(scope="module")
def client() -> Path:
    """The folder of the test with what its lock names."""
    return installed(PROJECT)


async def test_strapis_client_works_with_no_change_but_the_address(client: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    tokens = {}
    catalogue = await open_catalogue(f"sqlite:///{folder}/catalogue.db")
    for role in ("admin", "seller"):
        row = await catalogue.create("users", {"username": role, "email": f"{role}@example.com", "role": role})
        tokens[f"{role.upper()}_TOKEN"] = Tokens(SECRET).issue(row)
    await catalogue.close()
    async with Vendue(folder) as vendue:
        photo = base64.b64encode(encoded(halves(), "PNG")).decode()
        environment = {**os.environ, **tokens, "VENDUE_URL": f"http://localhost:{vendue.port}", "PHOTO": photo}
        node = await asyncio.create_subprocess_exec(
            "node", "--test", "client.test.mjs", cwd=client, env=environment, stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(120):
            said = (await node.communicate())[0].decode()
        assert node.returncode == 0, said[-6000:]
        assert "pass 5" in said
        await vendue.stop()
