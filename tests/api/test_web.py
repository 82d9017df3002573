"""The built files as they are sent: pages, the panel's nonce, compression, what may be kept how long."""

import gzip
import re
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.exceptions import NotFoundException
from litestar.testing import TestClient

from vendue.api.errors import EXCEPTION_HANDLERS
from vendue.api.headers import add_security_headers
from vendue.api.web import Web


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Sale</title>")
    (tmp_path / "admin.html").write_text('<!doctype html><meta name="csp-nonce" content="NONCE">')
    (tmp_path / "assets/app-1.js").write_text("let a = 1")
    (tmp_path / "assets/app-1.js.gz").write_bytes(gzip.compress(b"let a = 1"))
    (tmp_path / "notes.txt").write_text("not for anyone")
    return tmp_path


def client(built: Path) -> TestClient[Litestar]:
    web = Web(built)
    return TestClient(
        Litestar(
            web.routes(),
            exception_handlers=EXCEPTION_HANDLERS | {NotFoundException: web.missing},
            before_send=[add_security_headers],
        )
    )


@pytest.mark.parametrize("path", ["/", "/auctions/abc", "/sell/new", "/reset-password"])
def test_each_address_of_the_app_is_its_page_and_asked_for_anew(built: Path, path: str) -> None:
    response = client(built).get(path)
    assert response.text.endswith("Sale</title>")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert "unsafe" not in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/nothing", "/assets/../admin.html.gz", "/notes.txt", "/index.html", "/api/nothing"])
def test_what_was_not_built_for_people_is_not_there(built: Path, path: str) -> None:
    assert client(built).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/nothing", "/auctions/a/b", "/notes.txt"])
def test_who_reads_pages_is_told_by_one_that_there_is_nothing(built: Path, path: str) -> None:
    response = client(built).get(path, headers={"Accept": "text/html,*/*"})
    assert response.status_code == 404 and response.text.endswith("Sale</title>")
    assert "default-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing"])
def test_a_program_is_told_by_an_error(built: Path, path: str) -> None:
    accept = "text/html" if path.startswith("/api") else "*/*"
    response = client(built).get(path, headers={"Accept": accept})
    assert response.status_code == 404 and response.json()["error"]["name"] == "NotFoundError"


def test_the_panel_has_a_nonce_of_its_own_each_time(built: Path) -> None:
    nonces = set()
    for path in ("/admin", "/admin", "/admin/cars/1"):
        response = client(built).get(path)
        found = re.search(r'content="([\w-]{20,})"', response.text)
        assert found and f"'nonce-{found[1]}'" in response.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["cache-control"] == "no-store"
        nonces.add(found[1])
    assert len(nonces) == 3


def test_files_named_by_their_content_are_kept_and_compressed_for_who_takes_it(built: Path) -> None:
    with_gzip = client(built).get("/assets/app-1.js", headers={"Accept-Encoding": "gzip"})
    assert with_gzip.headers["content-encoding"] == "gzip" and with_gzip.text == "let a = 1"
    assert "immutable" in with_gzip.headers["cache-control"] and with_gzip.headers["vary"] == "Accept-Encoding"
    plain = client(built).get("/assets/app-1.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.text == "let a = 1"
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"


def test_what_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    for path in ("/", "/admin"):
        response = client(tmp_path).get(path)
        assert response.status_code == 503
        assert "make setup" in response.json()["error"]["message"]
