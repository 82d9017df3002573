"""Files in a bucket of S3, or of anything that speaks as it does."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from obstore import delete_async, get_async, list_with_delimiter_async, put_async
from obstore.exceptions import BaseError
from obstore.store import S3Store

from vendue.files.port import CHUNK_BYTES, FilesBroken, Stored, media_type

if TYPE_CHECKING:
    from obstore.store import S3Config  # which is there for type checkers alone

ANSWER_WITHIN = timedelta(seconds=30)
CONNECT_WITHIN = timedelta(seconds=5)
RETRIES = 2
_NOTHING = "nothing/"
"""A prefix that no name has: to ask for it costs the same however much is kept."""


class Bucket(Struct, frozen=True):
    """Where, and as whom. `endpoint` None is AWS's own; without `key_id` the usual ways of AWS find one."""

    name: str
    region: str
    endpoint: str | None = None
    key_id: str | None = None
    secret: str | None = None

    def __repr__(self) -> str:
        return f"Bucket({self.name!r}, {self.region!r}, {self.endpoint!r})"


class S3Files:
    """An object a name, addressed in the path (`endpoint/bucket/name`), which every such service understands."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        config: S3Config = {
            "region": bucket.region,
            "virtual_hosted_style_request": False,
            "disable_bulk_delete": True,  # some services have no such request
        }
        if bucket.endpoint is not None:
            config["endpoint"] = bucket.endpoint
        if bucket.key_id is not None and bucket.secret is not None:
            config["access_key_id"], config["secret_access_key"] = bucket.key_id, bucket.secret
        self._store = S3Store(
            bucket.name,
            config=config,
            client_options={
                "allow_http": (bucket.endpoint or "").startswith("http://"),
                "connect_timeout": CONNECT_WITHIN,
                "timeout": ANSWER_WITHIN,
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": ANSWER_WITHIN},
        )

    async def put(self, name: str, content: bytes) -> None:
        """Keep it."""
        kind = {"Content-Type": media_type(name)}
        with self._telling():
            await put_async(self._store, name, content, attributes=kind, use_multipart=False)

    async def get(self, name: str) -> Stored | None:
        """What is kept under that name."""
        media_type(name)
        with self._telling():
            try:
                found = await get_async(self._store, name)
            except FileNotFoundError:
                return None
            return Stored(found.meta["size"], self._chunks(found.stream(CHUNK_BYTES)))

    async def delete(self, name: str) -> None:
        """Keep it no longer."""
        media_type(name)
        with self._telling():
            try:
                await delete_async(self._store, name)
            except FileNotFoundError:
                return

    async def ping(self) -> None:
        """Whether the bucket answers to this key."""
        with self._telling():
            await list_with_delimiter_async(self._store, _NOTHING)

    async def close(self) -> None:
        """Nothing is held."""

    async def _chunks(self, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        with self._telling():
            async for chunk in stream:
                yield bytes(chunk)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            place = self._bucket.endpoint or "AWS"
            said = str(error).partition("\n")[0][:200]
            raise FilesBroken(
                f"The bucket {self._bucket.name} at {place} cannot be used ({said}): "
                "see that it is there and that VENDUE_FILES_… name an address and a key that may read and write it."
            ) from error
