"""Files in, out and on cars: whose they are, their limits, and what is tried with them."""

import asyncio
import json
import zlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from tests.api.conftest import DAY_MS, GENEROUS, House, Person, open_house
from tests.api.test_evidence import SlowReader
from tests.files.pictures import SECRET, encoded, halves, located, noise, png
from vendue.api.app import ApiSettings
from vendue.api.darkroom import Darkroom
from vendue.api.forms import Sent
from vendue.api.photo_rows import contents_of
from vendue.api.uploads import UploadLimits
from vendue.files.folder import FolderFiles
from vendue.files.port import FilesBroken

FORD = {"make": "Ford", "model": "Ka", "year": 2001}
JPEG = encoded(halves((1200, 800)), "JPEG", exif=located())
PNG = encoded(halves(), "PNG")
SMALL = UploadLimits(request_bytes=200_000, file_bytes=100_000, files_per_user=3)


def part(content: bytes = PNG, name: str = "car.png", kind: str = "image/png") -> tuple[str, tuple[str, bytes, str]]:
    return ("files", (name, content, kind))


async def send(person: Person, *parts: Any, status: int = 201, path: str = "/api/upload", **fields: str) -> Any:
    files = [*parts, *((name, (None, value)) for name, value in fields.items())]
    return await person.ask("POST", path, None, status, files=files)


def _elsewhere(folder: Path) -> set[Path]:
    """All that is there but stored files."""
    return {path for path in folder.rglob("*") if "files" not in path.parts}


async def stored(house: House) -> set[str]:
    folder = house.files._folder  # type: ignore[attr-defined]  # a house has its files in a folder
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


async def test_a_photo_through_its_life_as_strapi_tells_it(house: House) -> None:
    sal = await house.person("sal", "seller")
    info = json.dumps({"alternativeText": "A Ford from the left", "caption": "In the yard"})
    (file,) = await send(sal, part(JPEG, "ford.jpeg", "image/jpeg"), fileInfo=info)
    digest = file["hash"]
    expected = {
        "name": "ford.jpeg",
        "alternativeText": "A Ford from the left",
        "caption": "In the yard",
        "width": 1200,
        "height": 800,
        "ext": ".jpg",
        "mime": "image/jpeg",
        "url": f"/uploads/{digest}.jpg",
        "previewUrl": None,
        "provider": "local",
        "provider_metadata": None,
        "focalPoint": None,
        "folderPath": "/",
    }
    assert {name: file[name] for name in expected} == expected
    assert {name: (each["width"], each["height"]) for name, each in file["formats"].items()} == {
        "large": (1000, 667),
        "medium": (750, 500),
        "small": (500, 333),
        "thumbnail": (234, 156),
    }
    assert "bytes" not in file and "owner" not in file and "data" not in file
    for name, each in [("", file), *((f"{name}_", each) for name, each in file["formats"].items())]:
        assert each["url"] == f"/uploads/{name}{digest}.jpg" and each["hash"] == f"{name}{digest}"
        content = (await house.public.client.get(each["url"])).content
        assert each["size"] == round(len(content) / 1000, 2) and each.get("sizeInBytes", len(content)) == len(content)
        assert SECRET not in content and b"Exif" not in content
    large = file["formats"]["large"]
    assert (large["name"], large["ext"], large["mime"], large["path"]) == (
        "large_ford.jpeg",
        ".jpg",
        "image/jpeg",
        None,
    )
    by_id, by_document = f"/api/upload/files/{file['id']}", f"/api/upload/files/{file['documentId']}"
    assert await house.public.ask("GET", by_id) == await house.public.ask("GET", by_document) == file
    assert await house.public.ask("GET", "/api/upload/files") == [file]
    changed = await send(
        sal, path=f"/api/upload?id={file['id']}", status=200, fileInfo='{"name": "a.jpg", "caption": null}'
    )
    assert changed.pop("updatedAt") > file["updatedAt"]
    assert (changed["name"], changed["caption"], changed["hash"]) == ("a.jpg", "In the yard", digest)
    assert (await sal.ask("DELETE", by_id))["documentId"] == file["documentId"]
    await sal.ask("DELETE", by_id, status=404)
    await house.public.ask("GET", by_document, status=404)
    assert (await house.public.client.get(file["url"])).status_code == 404
    assert await stored(house) == set()


async def test_files_are_found_by_strapis_queries(house: House) -> None:
    sal = await house.person("sal", "seller")
    for number, kind in enumerate(("PNG", "JPEG", "WEBP")):
        await send(sal, part(encoded(halves((20 + number, 20)), kind), f"{kind.lower()}-{number}"))

    async def names(query: str) -> list[str]:
        return [file["name"] for file in await house.public.ask("GET", f"/api/upload/files?{query}")]

    assert await names("filters[mime][$contains]=image&sort=name:asc") == ["jpeg-1", "png-0", "webp-2"]
    assert await names("filters[ext]=.webp") == ["webp-2"]
    assert await names("filters[width][$gt]=20&sort=width:desc") == ["webp-2", "jpeg-1"]
    assert await names("pagination[page]=2&pagination[pageSize]=2&sort=id") == ["webp-2"]
    assert await names(f"filters[owner][documentId]={sal.user}&sort=id&pagination[limit]=1") == ["png-0"]
    some = await house.public.ask("GET", "/api/upload/files?fields=name,url&filters[name]=png-0&populate=owner")
    assert some[0].keys() == {"id", "documentId", "name", "url", "owner"} and "username" not in some[0]["owner"]
    for query in ("filters[bytes][$gt]=1", "filters[nope]=1", "sort=bytes", "fields=bytes", "filters[url]=x"):
        assert (
            "Invalid key"
            in (await house.public.ask("GET", f"/api/upload/files?{query}", status=400))["error"]["message"]
        )


async def test_without_pages_more_than_a_page_comes(house: House) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part())
    row = await house.catalogue.get("files", file["documentId"])
    assert row is not None
    system = ("id", "documentId", "createdAt", "updatedAt", "publishedAt")
    for _ in range(110):
        await house.catalogue.create("files", {key: value for key, value in row.items() if key not in system})
    assert len(await house.public.ask("GET", "/api/upload/files")) == 100


async def test_several_at_once_are_all_taken_or_none(house: House) -> None:
    sal = await house.person("sal", "seller")
    infos = json.dumps([{"caption": "one"}, {"caption": "two"}])
    pair = [part(PNG, "1.png"), part(JPEG, "2.jpg", "image/jpeg")]
    files = await send(sal, *pair, fileInfo=infos)
    assert [(file["name"], file["caption"]) for file in files] == [("1.png", "one"), ("2.jpg", "two")]
    separate = [("fileInfo", (None, json.dumps({"caption": word}))) for word in ("three", "four")]
    files = await send(sal, *pair, *separate)
    assert [file["caption"] for file in files] == ["three", "four"]
    answer = await send(sal, *pair, part(b"<html>", "3.png"), status=400)
    assert answer["error"]["message"] == "3.png is no JPEG, PNG or WebP picture"
    assert len(await sal.ask("GET", "/api/upload/files")) == 4


@pytest.mark.parametrize(
    ("info", "said"),
    [
        ("{", "fileInfo must be JSON"),
        ("[" * 5000, "fileInfo must be JSON"),
        ("5", "fileInfo must be a JSON object"),
        ('{"hash": "x"}', "Invalid key hash"),
        ('{"owner": "x"}', "Invalid key owner"),
        ('{"caption": 5}', "caption must be a `string` type"),
        ('{"name": " "}', "name cannot be empty"),
        (json.dumps({"caption": "x" * 1001}), "caption must be at most 1000 characters"),
        ('{"caption": "a\\u0000b"}', "caption must not contain NUL characters"),
        ("[{}, {}]", "fileInfo has 2 entries for 1 file(s)"),
    ],
)
async def test_what_is_said_of_a_file_is_checked(house: House, info: str, said: str) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part())
    assert said in (await send(sal, part(), fileInfo=info, status=400))["error"]["message"]
    path = f"/api/upload?id={file['id']}"
    assert said in (await send(sal, path=path, fileInfo=info, status=400))["error"]["message"]
    assert await sal.ask("GET", "/api/upload/files") == [file]


async def test_who_may_send_change_and_delete(house: House) -> None:
    sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
    bob, otto = await house.person("bob"), await house.person("otto", "auctioneer")
    (file,) = await send(sal, part())
    path, change = (
        f"/api/upload/files/{file['id']}",
        {"path": f"/api/upload?id={file['id']}", "fileInfo": '{"caption": "x"}'},
    )
    for person in (bob, house.public):
        await send(person, part(), status=403)
        await send(person, **change, status=403)
        await person.ask("DELETE", path, status=403)
    await send(sue, **change, status=403)
    await send(sue, part(JPEG), path=change["path"], status=403)
    await sue.ask("DELETE", path, status=403)
    for id in ("999", "nobody", "0", "-1", "a%20b", "9" * 30):
        await send(sal, path=f"/api/upload?id={id}", fileInfo="{}", status=404)
        await sal.ask("DELETE", f"/api/upload/files/{id}", status=404)
        await sal.ask("GET", f"/api/upload/files/{id}", status=404)
    assert await sal.ask("GET", path) == file
    assert (await send(otto, **change, status=200))["caption"] == "x"
    await otto.ask("DELETE", path)


async def test_another_picture_takes_a_files_place(house: House) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part(PNG, "old.png"), fileInfo='{"caption": "kept"}')
    path = f"/api/upload?id={file['documentId']}"
    changed = await send(sal, part(JPEG, "new.jpg"), path=path, status=200)
    assert (changed["id"], changed["name"], changed["caption"], changed["mime"]) == (
        file["id"],
        "new.jpg",
        "kept",
        "image/jpeg",
    )
    assert (await house.public.client.get(changed["url"])).status_code == 200
    assert (await house.public.client.get(file["url"])).status_code == 404
    same = await send(sal, part(JPEG, "again.jpg"), path=path, status=200)
    assert same["url"] == changed["url"] and (await house.public.client.get(same["url"])).status_code == 200
    answer = await send(sal, part(), part(), path=path, status=400)
    assert answer["error"]["message"] == "Cannot replace a file with multiple ones"


async def test_the_same_photo_is_kept_once_and_as_long_as_someone_has_it(house: House) -> None:
    sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
    (one,), (other,) = await send(sal, part(JPEG, "a.jpg")), await send(sue, part(JPEG, "b.jpg"))
    assert one["hash"] == other["hash"] and one["id"] != other["id"] and len(await stored(house)) == 5
    await sal.ask("DELETE", f"/api/upload/files/{one['id']}")
    assert (await house.public.client.get(other["formats"]["thumbnail"]["url"])).status_code == 200
    await sue.ask("DELETE", f"/api/upload/files/{other['id']}")
    assert await stored(house) == set()


async def test_a_photo_that_comes_back_while_it_goes_is_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
    (file,) = await send(sal, part(JPEG))
    going, delete = asyncio.Event(), house.files.delete

    async def slowly(name: str) -> None:
        going.set()
        await asyncio.sleep(0.1)
        await delete(name)

    monkeypatch.setattr(house.files, "delete", slowly)
    gone = asyncio.create_task(sal.ask("DELETE", f"/api/upload/files/{file['id']}"))
    await going.wait()
    (back,) = await send(sue, part(JPEG))
    await gone
    for url in (back["url"], *(each["url"] for each in back["formats"].values())):
        assert (await house.public.client.get(url)).status_code == 200


# What is tried with uploads


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/cron.d/x.png", "x.png"),
        ("..\\..\\windows\\system32\\a.png", "a.png"),
        ("C:\\photos\\a.png", "a.png"),
        ("a\\b", "b"),
        ("..", "photo"),
        ("...", "photo"),
        (".htaccess", "htaccess"),
        ("a\0.png", "a.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<script>alert(1)</script>.png", "script>.png"),
        ("ä" * 300 + ".png", "ä" * 251 + ".png"),
        ("x" * 2000, "x" * 255),
        ("Käfer 🚗 \u00e9t\u0065\u0301.jpg", "Käfer 🚗 été.jpg"),
        ("%2e%2e%2fpasswd", "%2e%2e%2fpasswd"),
        ("' OR 1=1 --.png", "' OR 1=1 --.png"),
    ],
)
async def test_a_name_is_only_a_name(house: House, sent: str, kept: str, tmp_path: Path) -> None:
    sal = await house.person("sal", "seller")
    before = _elsewhere(tmp_path)
    # As a client may write it by hand; those at hand quote what would hurt.
    head = b'Content-Disposition: form-data; name="files"; filename="' + sent.encode() + b'"\r\nContent-Type: image/png'
    raw = [b"Content-Disposition: form-data; name=fileInfo\r\n\r\n" + json.dumps({"name": sent or "x"}).encode()]
    body = b"--x\r\n" + head + b"\r\n\r\n" + PNG + b"\r\n--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await sal.client.post("/api/upload", content=body, headers=headers)
    if "\r" in sent:  # which ends the header: what follows is another one
        assert response.status_code == 400
    else:
        (file,) = response.json()
        assert (response.status_code, file["name"]) == (201, kept)
        assert await stored(house) == {f"{file['hash']}.png", f"thumbnail_{file['hash']}.png"}
    if "\0" not in sent and len(sent) <= 255:
        body = b"--x\r\n" + head.replace(sent.encode(), b"a.png") + b"\r\n\r\n" + PNG + b"\r\n--x\r\n" + raw[0]
        response = await sal.client.post("/api/upload", content=body + b"\r\n--x--\r\n", headers=headers)
        assert response.json()[0]["name"] == kept
    assert _elsewhere(tmp_path) == before


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<!doctype html><script>alert(1)</script>", "a.jpg", "image/jpeg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg", "image/svg+xml"),
        (b"GIF89a/*" + b"<script>", "a.gif", "image/gif"),
        (encoded(halves(), "GIF"), "a.png", "image/png"),
        (encoded(halves(), "BMP"), "a.webp", "image/webp"),
        (b"%PDF-1.7", "a.pdf", "application/pdf"),
        (JPEG[: len(JPEG) // 2], "half.jpg", "image/jpeg"),
        (b"", "nothing.jpg", "image/jpeg"),
        (png(50_000, 50_000, (b"IDAT", zlib.compress(b"\0"))), "bomb.png", "image/png"),
        (png(9, 9, (b"zTXt", b"a\0\0" + zlib.compress(bytes(9_000_000))), (b"IDAT", b"")), "text.png", "image/png"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_what_is_no_photo_is_refused_by_its_name(house: House, content: bytes, name: str, kind: str) -> None:
    sal = await house.person("sal", "seller")
    answer = await send(sal, part(content, name, kind), status=400)
    assert answer["error"]["name"] == "ValidationError" and answer["error"]["message"].startswith(f"{name} ")
    assert answer["error"]["details"]["errors"][0]["path"] == ["files"]
    assert await sal.ask("GET", "/api/upload/files") == [] and await stored(house) == set()


async def test_the_type_is_that_of_the_content(house: House) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part(PNG, "page.html", "text/html"))
    assert (file["mime"], file["ext"]) == ("image/png", ".png")
    response = await house.public.client.get(file["url"])
    assert response.headers["content-type"] == "image/png"
    (file,) = await send(sal, part(PNG + b"<script>alert(1)</script>", "a.jpg", "image/jpeg"))
    assert file["mime"] == "image/png" and b"<script>" not in (await house.public.client.get(file["url"])).content


async def test_forms_that_make_no_sense(house: House) -> None:
    sal = await house.person("sal", "seller")
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    start = b'--x\r\nContent-Disposition: form-data; name="'
    for body, status in [
        (b"", 400),
        (b"--x--\r\n", 400),
        (b"not a form", 400),
        (start + b'files"; filename="a.png"\r\n\r\n' + PNG, 400),
        (start + b'files"\r\n\r\nno file\r\n--x--\r\n', 400),
        (start + b'other"; filename="a.png"\r\n\r\n' + PNG + b"\r\n--x--\r\n", 400),
        (start + b'path"\r\n\r\n../../etc\r\n--x--\r\n', 400),
        (start + b'fileInfo"\r\n\r\n\xff\xfe\r\n--x--\r\n', 400),
        (start + b'fileInfo"\r\nContent-Type: text/plain; charset=nope\r\n\r\n{}\r\n--x--\r\n', 400),
        (start + b'files"; filename=""\r\n\r\n\r\n--x--\r\n', 400),
        (start + b'fileInfo"\r\n\r\n' + b"x" * 70_000 + b"\r\n--x--\r\n", 413),
        (start + b"x" * 10_000 + b'"\r\n\r\n1\r\n--x--\r\n', 400),
        (b"".join(start + b'fileInfo"\r\n\r\n{}\r\n' for _ in range(40)) + b"--x--\r\n", 400),
    ]:
        response = await sal.client.post("/api/upload", content=body, headers=kind)
        assert response.status_code == status, (body[:80], response.text)
        assert response.json()["error"]["message"]
    for more in ({"Content-Type": "application/json"}, {"Content-Type": "multipart/form-data"}, {}):
        assert (await sal.client.post("/api/upload", content=b"{}", headers=more)).status_code == 415
    headers = {**kind, "Content-Encoding": "gzip"}
    assert (await sal.client.post("/api/upload", content=b"--x--\r\n", headers=headers)).status_code == 415
    assert await sal.ask("GET", "/api/upload/files") == []


async def test_every_limit_holds(tmp_path: Path) -> None:
    async with open_house(tmp_path, ApiSettings(upload=SMALL, photo_pixels=40_000)) as house:
        sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
        heavy = encoded(noise((190, 190)), "PNG")
        assert 100_000 < len(heavy) < 200_000
        answer = await send(sal, part(heavy, "heavy.png"), status=413)
        assert answer["error"]["message"] == "heavy.png has more than the 100000 bytes that a file may have"
        light = encoded(noise((150, 150)), "PNG")
        await send(sal, *[part(light, f"{number}.png") for number in range(3)], status=413)
        answer = await send(sal, part(encoded(halves((201, 200)), "PNG"), "wide.png"), status=400)
        assert answer["error"]["message"] == "wide.png has 201 × 200 pixels; at most 0.04 million are taken"
        small = encoded(halves((20, 20)), "PNG")
        answer = await send(sal, *[part(small)] * 11, status=400)
        assert answer["error"]["message"] == "At most 10 files are taken at once"
        await send(sal, part(small), part(small))
        answer = await send(sal, part(small), part(small), status=409)
        assert answer["error"]["message"] == "You have 2 files, and at most 3 may be kept: delete some"
        await send(sal, part(small))
        await send(sal, part(small), status=409)
        await send(sue, part(small))


async def test_who_sends_too_often_waits(tmp_path: Path) -> None:
    async with open_house(tmp_path, ApiSettings(upload_rate=0.1, upload_burst=3)) as house:
        sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
        for _ in range(3):
            (file,) = await send(sal, part())
        for method, path in (("POST", "/api/upload"), ("DELETE", f"/api/upload/files/{file['id']}")):
            response = await sal.client.request(method, path)
            assert response.status_code == 429 and 1 <= int(response.headers["retry-after"]) <= 10
        await send(sue, part())


async def test_too_many_at_once_are_sent_away(tmp_path: Path) -> None:
    async with open_house(tmp_path, ApiSettings(uploads_at_once=2)) as house:
        sellers = [await house.person(f"seller{number}", "seller") for number in range(4)]
        go = asyncio.Event()

        async def slowly(person: Person) -> httpx.Response:
            async def body() -> Any:
                yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
                await go.wait()
                yield PNG + b"\r\n--x--\r\n"

            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            return await person.client.post("/api/upload", content=body(), headers=headers)

        sending = [asyncio.create_task(slowly(person)) for person in sellers]
        done, _ = await asyncio.wait(sending, timeout=0.5)
        refused = [task.result() for task in done]
        assert [response.status_code for response in refused] == [503, 503]
        assert all(response.headers["retry-after"] == "5" for response in refused)
        go.set()
        assert sorted([(await task).status_code for task in sending]) == [201, 201, 503, 503]
        await send(sellers[0], part())


# Out


async def test_photos_are_served_as_pictures_for_a_year(house: House) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part(JPEG, "<img>.html"))
    response = await house.public.client.get(file["url"])
    assert response.status_code == 200 and round(len(response.content) / 1000, 2) == file["size"]
    wanted = {
        "content-type": "image/jpeg",
        "content-length": str(len(response.content)),
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none'; sandbox",
        "content-disposition": "inline",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "etag": f'"{file["hash"]}"',
    }
    assert {name: response.headers.get_list(name) for name in wanted} == {name: [each] for name, each in wanted.items()}
    head = await house.public.client.head(file["url"])
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers[name] for name in wanted} == wanted
    for etag in (wanted["etag"], f'"x", W/{wanted["etag"]}', "*"):
        again = await house.public.client.get(file["url"], headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == wanted["etag"] and again.headers["cache-control"] == wanted["cache-control"]
    assert (await house.public.client.get(file["url"], headers={"If-None-Match": '"other"'})).status_code == 200
    page = await house.public.client.get("/health")
    assert page.headers.get_list("content-security-policy") == [
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "%2e%2e%2fcatalogue.sqlite",
        "..%2f..%2fetc%2fpasswd",
        "..%5c..%5cwindows",
        "catalogue.sqlite",
        "HASH.html",
        "HASH.svg",
        "HASH.jpg",
        "HASH",
        "HASH.png%00.html",
        "HASH.png%0a",
        "HASH.png/",
        "./HASH.pn",
        "huge_HASH.png",
        ".HASH.png.0123456789abcdef",
        "0" * 64 + ".png",
    ],
)
async def test_no_other_name_is_served(house: House, name: str) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part())
    path = "/uploads/" + name.replace("HASH", file["hash"])
    for method in ("GET", "HEAD"):
        response = await house.public.client.request(method, httpx.URL(f"http://vendue.test{path}"))
        if path.endswith(".png/"):
            assert response.headers.get("content-type") in ("image/png", "application/json")
        else:
            assert response.status_code == 404, response.text
        assert "html" not in response.headers["content-type"]
    assert (await house.public.client.post(file["url"])).status_code == 405


async def test_who_takes_his_photos_slowly_gets_few_and_others_theirs(tmp_path: Path) -> None:
    async with open_house(tmp_path, replace(GENEROUS, photos_at_once=3, photos_per_address=2)) as house:
        (file,) = await send(await house.person("sal", "seller"), part(JPEG))
        strangers = [SlowReader(house, file["url"], "192.0.2.1") for _ in range(2)]
        await asyncio.gather(*(each.started.wait() for each in strangers))
        here = httpx.ASGITransport(app=house.app, client=("192.0.2.1", 7))
        async with httpx.AsyncClient(transport=here, base_url="http://vendue.test") as client:
            refused = await client.get(file["url"])
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
            assert (await client.get("/api/cars")).status_code == 200, "and everything else"
        assert (await house.public.client.get(file["url"])).status_code == 200, "others have theirs"
        await strangers.pop().leave()
        async with httpx.AsyncClient(transport=here, base_url="http://vendue.test") as client:
            assert (await client.get(file["url"])).status_code == 200, "a place is given back"
        await strangers.pop().leave()


async def test_a_store_that_is_down_is_503(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part())

    async def broken(*_: Any) -> Any:
        raise FilesBroken("The disk is gone.")

    for name in ("put", "get", "delete"):
        monkeypatch.setattr(house.files, name, broken)
    answer = await house.public.client.get(file["url"])
    assert answer.status_code == 503 and answer.headers["retry-after"] == "5"
    await send(sal, part(), status=503)
    await sal.ask("DELETE", f"/api/upload/files/{file['id']}")  # its row is gone; the bytes only take room
    assert await sal.ask("GET", "/api/upload/files") == []


# On cars


async def _photos(house: House, car: str) -> list[str]:
    row = (await house.public.ask("GET", f"/api/cars/{car}?populate=photos"))["data"]
    return [photo["name"] for photo in row["photos"]]


async def test_a_cars_photos_are_a_list_in_order(house: House) -> None:
    sal = await house.person("sal", "seller")
    files = await send(sal, *[part(PNG, name) for name in "abcd"])
    ids, (a, b, c, d) = [file["id"] for file in files], [file["documentId"] for file in files]
    car = (await sal.ask("POST", "/api/cars?populate=photos", {**FORD, "photos": [b, ids[0]]}, 201))["data"]
    assert car["photos"] == [files[1], files[0]]
    path = f"/api/cars/{car['documentId']}"
    for value, there in [
        ({"connect": [c]}, "bac"),
        ({"connect": [{"documentId": b}], "disconnect": [{"id": ids[0]}]}, "cb"),
        ({"disconnect": ["nothere", ids[3]]}, "cb"),
        ({"set": [{"id": ids[3]}, a, a]}, "da"),
        ({"set": [c], "connect": [d], "disconnect": [a]}, "cd"),
        ([str(ids[1])], "b"),
        (files[2], "c"),
        (None, ""),
        ([d, c, b, a], "dcba"),
        ({"set": []}, ""),
    ]:
        await sal.ask("PUT", path, {"photos": value})
        assert await _photos(house, car["documentId"]) == list(there), value
    await sal.ask("PUT", path, {"photos": [a, b]})
    await sal.ask("PUT", path, {"mileage": 5})
    await sal.ask("DELETE", f"/api/upload/files/{a}")
    assert await _photos(house, car["documentId"]) == ["b"]
    await sal.ask("PUT", path, {"photos": {"connect": [c]}})
    assert await _photos(house, car["documentId"]) == ["b", "c"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({}, "photos takes connect, set and disconnect"),
        ({"add": [1]}, "photos takes connect, set and disconnect"),
        ([True], "photos must be documentIds or ids"),
        ([1.5], "photos must be documentIds or ids"),
        ([{"name": "x"}], "photos must be documentIds or ids"),
        ([None], "photos must be documentIds or ids"),
        (["no way"], "photos must be documentIds or ids"),
        ([[1]], "photos must be documentIds or ids"),
        ([999], "photos: there is no 999"),
        ({"connect": ["nobody"]}, "photos: there is no nobody"),
        (list(range(1, 102)), "photos takes at most 100"),
    ],
)
async def test_what_is_no_list_of_photos_is_named(house: House, value: Any, said: str) -> None:
    sal = await house.person("sal", "seller")
    answer = await sal.ask("POST", "/api/cars", {**FORD, "photos": value}, 400)
    assert said in answer["error"]["message"]


async def test_a_list_does_not_grow_beyond_a_hundred(house: House) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part())
    row = await house.catalogue.get("files", file["documentId"])
    assert row is not None
    values = {key: row[key] for key in ("name", "hash", "ext", "mime", "bytes", "width", "height")}
    ids = [(await house.catalogue.create("files", {**values, "owner": sal.user}))["documentId"] for _ in range(101)]
    car = (await sal.ask("POST", "/api/cars", {**FORD, "photos": ids[:100]}, 201))["data"]["documentId"]
    answer = await sal.ask("PUT", f"/api/cars/{car}", {"photos": {"connect": [ids[100]]}}, 400)
    assert answer["error"]["message"] == "photos takes at most 100"
    await sal.ask("PUT", f"/api/cars/{car}", {"photos": {"connect": [ids[100]], "disconnect": [ids[0]]}})
    assert len(await _photos(house, car)) == 100


async def test_sellers_show_their_own_photos(house: House) -> None:
    sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
    otto = await house.person("otto", "auctioneer")
    (his,), (hers,) = await send(sal, part(name="his")), await send(sue, part(name="hers"))
    await sal.ask("POST", "/api/cars", {**FORD, "photos": [hers["id"]]}, 403)
    car = (await sal.ask("POST", "/api/cars", {**FORD, "photos": [his["id"]]}, 201))["data"]["documentId"]
    for value in ([hers["id"]], {"connect": [hers["documentId"]]}, {"set": [his["id"], hers["id"]]}):
        await sal.ask("PUT", f"/api/cars/{car}", {"photos": value}, 403)
    await sue.ask("PUT", f"/api/cars/{car}", {"photos": [hers["id"]]}, 403)
    await otto.ask("PUT", f"/api/cars/{car}", {"photos": {"connect": [hers["id"]]}})
    await sal.ask("PUT", f"/api/cars/{car}", {"photos": [hers["id"], his["id"]]})  # it was there, so it may stay
    assert await _photos(house, car) == ["hers", "his"]


async def test_two_who_add_at_once_both_do(house: House) -> None:
    sal = await house.person("sal", "seller")
    files = await send(sal, *[part(PNG, str(number)) for number in range(8)])
    car = (await sal.ask("POST", "/api/cars", FORD, 201))["data"]["documentId"]
    changes = [{"photos": {"connect": [file["id"]]}} for file in files]
    await asyncio.gather(*(sal.ask("PUT", f"/api/cars/{car}", change) for change in changes))
    assert sorted(await _photos(house, car)) == [str(number) for number in range(8)]


async def test_an_upload_may_go_straight_to_a_car(house: House) -> None:
    sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
    car = (await sal.ask("POST", "/api/cars", FORD, 201))["data"]
    target = {"ref": "api::car.car", "refId": car["documentId"], "field": "photos"}
    await send(sal, part(PNG, "a"), part(PNG, "b"), **target)
    await send(sal, part(PNG, "c"), **{**target, "refId": str(car["id"])})
    assert await _photos(house, car["documentId"]) == ["a", "b", "c"]
    await send(sue, part(), **target, status=403)
    for wrong in ({"ref": "api::auction.auction"}, {"field": "seller"}, {"refId": "nobody"}, {"refId": ""}):
        answer = await send(sal, part(), **{**target, **wrong}, status=400)
        assert answer["error"]["details"]["errors"][0]["path"] == list(wrong)
    await send(sal, part(), ref="api::car.car", status=400)
    assert len(await sal.ask("GET", "/api/upload/files")) == 3


async def test_what_bidders_saw_stays(house: House) -> None:
    sal, otto = await house.person("sal", "seller"), await house.person("otto", "auctioneer")
    shown, spare = await send(sal, part(PNG, "shown"), part(JPEG, "spare"))
    data = {**FORD, "photos": [shown["id"]]}
    car = (await sal.ask("POST", "/api/cars", data, 201))["data"]["documentId"]
    soon = house.desk.now_ms() + DAY_MS
    scheduled = await house.listed(sal, car=car, starts_at=soon, ends_at=soon + DAY_MS)
    await house.projected(scheduled, 1)
    change = {"path": f"/api/upload?id={shown['id']}", "fileInfo": '{"caption": "x"}'}
    await send(sal, **change, status=200)
    live = await house.listed(sal, car=car)
    await house.projected(live, 2)
    path = f"/api/upload/files/{shown['id']}"
    assert "stays as it is" in (await sal.ask("DELETE", path, status=409))["error"]["message"]
    await send(sal, **change, status=409)
    await send(sal, part(JPEG), path=change["path"], status=409)
    await sal.ask("PUT", f"/api/cars/{car}", {"photos": [spare["id"]]}, 409)
    target = {"ref": "api::car.car", "refId": car, "field": "photos"}
    await send(sal, part(), **target, status=409)
    assert len(await sal.ask("GET", "/api/upload/files")) == 2
    assert (await house.public.client.get(shown["url"])).status_code == 200
    await sal.ask("DELETE", f"/api/upload/files/{spare['id']}")
    await otto.ask("DELETE", path)
    assert await _photos(house, car) == []


async def test_a_photo_on_the_last_of_many_cars_is_found(house: House) -> None:
    sal = await house.person("sal", "seller")
    (file,) = await send(sal, part())
    for number in range(105):
        photos = [file["documentId"]] if number == 104 else None
        values = {"make": "Ford", "model": "Ka", "seller": sal.user, "photos": photos}
        car = await house.catalogue.create("cars", values)
        auction = {"title": "Sold", "status": "sold", "car": car["documentId"], "seller": sal.user}
        await house.catalogue.create("auctions", auction)
    await sal.ask("DELETE", f"/api/upload/files/{file['id']}", status=409)


async def test_what_staff_do_to_a_sellers_photo_is_in_the_audit_log(house: House) -> None:
    sal, admin = await house.person("sal", "seller"), await house.person("admin", "admin")
    (file,) = await send(sal, part())
    await send(admin, path=f"/api/upload?id={file['id']}", status=200, fileInfo=json.dumps({"caption": "a Ford"}))
    await admin.ask("DELETE", f"/api/upload/files/{file['id']}")
    lines = (await admin.ask("GET", "/api/audit-log?sort=id"))["data"]
    assert [(line["action"].rpartition(".")[2], line["changes"]) for line in lines] == [
        ("update", {"caption": [None, "a Ford"]}),
        ("destroy", {}),
    ]


async def test_bytes_that_another_process_dropped_meanwhile_are_kept_again(tmp_path: Path) -> None:
    store = FolderFiles(tmp_path)
    darkroom = Darkroom(store, 50_000_000)
    photo = await darkroom.develop(Sent("car.png", PNG))
    await darkroom.keep(photo)
    await darkroom.discard(contents_of(photo))
    await darkroom.keep_still(photo)
    assert all([await store.get(name) for name in contents_of(photo)])
    await store.close()
