"""What every file store must do, wherever it keeps things."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.servers.port import free_port
from vendue.assemble import open_files
from vendue.files.folder import FolderFiles
from vendue.files.port import CHUNK_BYTES, FilesBroken, FileStore
from vendue.files.s3 import Bucket, S3Files
from vendue.settings import BadSetting, Settings
from vendue.system import system

SECRET = "a secret that nobody may read in a message"
BUCKET = "photos-of-cars"


def named(content: bytes, ext: str = ".jpg") -> str:
    return sha256(content).hexdigest() + ext


ONE, OTHER = b"one picture", os.urandom(3 * CHUNK_BYTES + 7)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 of our own, with an empty bucket in it."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    url = f"http://127.0.0.1:{server._port}"
    yield url
    server.stop()


@pytest.fixture
def bucket(endpoint: str) -> Iterator[Bucket]:
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id="key", aws_secret_access_key=SECRET
    )
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield Bucket(BUCKET, "eu-central-1", endpoint, "key", SECRET)
    for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=each["Key"])
    client.delete_bucket(Bucket=BUCKET)
    client.close()


@pytest.fixture(params=["folder", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FileStore]:
    store: FileStore
    if request.param == "folder":
        store = FolderFiles(tmp_path / "files")
    else:
        store = S3Files(request.getfixturevalue("bucket"))
    yield store
    await store.close()


async def read(store: FileStore, name: str) -> bytes | None:
    stored = await store.get(name)
    if stored is None:
        return None
    pieces = [piece async for piece in stored.chunks]
    assert all(type(piece) is bytes and piece for piece in pieces)
    content = b"".join(pieces)
    assert stored.size == len(content)
    return content


async def test_what_was_put_is_got(store: FileStore) -> None:
    await store.ping()
    assert await read(store, named(ONE)) is None
    await store.put(named(ONE), ONE)
    await store.put(named(OTHER, ".webp"), OTHER)
    await store.put(f"thumbnail_{named(ONE)}", b"small")
    assert await read(store, named(ONE)) == ONE
    assert await read(store, named(OTHER, ".webp")) == OTHER
    assert await read(store, f"thumbnail_{named(ONE)}") == b"small"
    assert await read(store, named(ONE, ".png")) is None


async def test_the_same_again_changes_nothing(store: FileStore) -> None:
    for _ in range(2):
        await store.put(named(ONE), ONE)
    await asyncio.gather(*(store.put(named(OTHER), OTHER) for _ in range(5)))
    assert await read(store, named(ONE)) == ONE
    assert await read(store, named(OTHER)) == OTHER


async def test_what_was_deleted_is_gone_and_the_rest_stays(store: FileStore) -> None:
    await store.put(named(ONE), ONE)
    await store.put(named(OTHER), OTHER)
    await store.delete(named(ONE))
    await store.delete(named(ONE))
    assert await read(store, named(ONE)) is None
    assert await read(store, named(OTHER)) == OTHER
    await store.put(named(ONE), ONE)
    assert await read(store, named(ONE)) == ONE


async def test_a_large_content_comes_in_pieces(store: FileStore) -> None:
    await store.put(named(OTHER), OTHER)
    stored = await store.get(named(OTHER))
    assert stored is not None
    first = await anext(stored.chunks)
    assert 0 < len(first) < len(OTHER)
    await stored.chunks.aclose()  # type: ignore[attr-defined]  # as the framework does when a client goes away


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../secret",
        "/etc/passwd",
        "a.jpg",
        named(ONE)[:-4],
        named(ONE, ".html"),
        named(ONE, ".jpg\n"),
        f"../{named(ONE)}",
        f"huge_{named(ONE)}",
        named(ONE).upper(),
        f"{named(ONE)}\0",
    ],
)
async def test_no_name_but_ours_ever_reaches_the_place(store: FileStore, name: str) -> None:
    for call in (store.put(name, ONE), store.get(name), store.delete(name)):
        with pytest.raises(AssertionError, match="no name of ours"):
            await call


async def test_a_folder_has_no_half_files_and_the_usual_modes(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    store = FolderFiles(folder)
    before = os.umask(0o027)
    try:
        await store.put(named(OTHER), OTHER)
    finally:
        os.umask(before)
    assert [path.name for path in folder.iterdir()] == [named(OTHER)]
    assert stat.S_IMODE((folder / named(OTHER)).stat().st_mode) == 0o640
    await store.close()


async def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "files"
    store = FolderFiles(folder)

    def full(_: int) -> None:
        assert not (folder / named(ONE)).exists(), "it has its name before it is synced"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FilesBroken, match=r"No space left on device.*can be written and has space"):
        await store.put(named(ONE), ONE)
    monkeypatch.undo()
    assert list(folder.iterdir()) == []
    await store.put(named(ONE), ONE)
    assert await read(store, named(ONE)) == ONE
    await store.close()


async def test_a_folder_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in its way")
    store = FolderFiles(tmp_path / "files")
    for call in (store.ping(), store.put(named(ONE), ONE), store.get(named(ONE))):
        with pytest.raises(FilesBroken, match=r"files cannot be used \(.*\): see that it is there"):
            await call
    await store.close()


async def test_objects_say_what_they_are(bucket: Bucket) -> None:
    store = S3Files(bucket)
    await store.put(named(ONE, ".png"), ONE)
    client = boto3.client(
        "s3",
        endpoint_url=bucket.endpoint,
        region_name=bucket.region,
        aws_access_key_id="key",
        aws_secret_access_key=SECRET,
    )
    assert client.head_object(Bucket=BUCKET, Key=named(ONE, ".png"))["ContentType"] == "image/png"
    client.close()


async def test_the_settings_name_the_place(bucket: Bucket, tmp_path: Path) -> None:
    where = {"files": f"s3://{BUCKET}", "files_endpoint": bucket.endpoint, "files_region": bucket.region}
    settings = Settings(data=str(tmp_path), **where, files_key_id="key", files_secret=SECRET)
    async with system(settings, print) as (whole, _):
        await whole.files.put(named(ONE), ONE)
        assert (await whole.health.parts(["files"]))["files"] is None
    assert await read(S3Files(bucket), named(ONE)) == ONE
    folder = tmp_path / "files"
    assert not folder.exists()
    async with system(Settings(data=str(tmp_path)), print) as (whole, _):
        await whole.files.put(named(ONE), ONE)
        assert [path.name for path in folder.iterdir()] == [named(ONE)]
        (folder / named(ONE)).unlink()
        folder.rmdir()
        folder.write_text("in its way")
        fault = (await whole.health.parts(["files"]))["files"]
        assert fault is not None and "VENDUE_DATA" in fault.advice
    with pytest.raises(BadSetting, match=r"^VENDUE_FILES_KEY_ID and VENDUE_FILES_SECRET go together"):
        open_files(Settings(**where, files_key_id="key"))


@pytest.mark.parametrize("wrong", ["endpoint", "bucket"])
async def test_a_bucket_that_cannot_be_used_says_so_without_the_secret(bucket: Bucket, wrong: str) -> None:
    if wrong == "endpoint":
        bucket = Bucket(bucket.name, bucket.region, f"http://127.0.0.1:{free_port()}", "key", SECRET)
    else:
        bucket = Bucket("another-bucket", bucket.region, bucket.endpoint, "key", SECRET)
    store = S3Files(bucket)
    calls = [store.ping(), store.put(named(ONE), ONE)]
    if wrong == "endpoint":
        calls += [store.get(named(ONE)), store.delete(named(ONE))]  # type: ignore[list-item]  # all raise
    for call in calls:
        with pytest.raises(
            FilesBroken, match=r"^The bucket .* cannot be used \(.*\): see that .* VENDUE_FILES_"
        ) as said:
            await call
        assert SECRET not in str(said.value)
    assert SECRET not in f"{store!r} {bucket!r} {store._store!r}"
