"""multipart/form-data in: files and fields, each with its limit while it is read."""

import re
import unicodedata
from typing import Any, NamedTuple

from multipart import MultipartError, MultipartSegment, PushMultipartParser  # type: ignore[import-untyped]  # has none

from vendue.api.errors import AnyRequest, ApiError, fault, invalid

MAX_FILES = 10
MAX_FIELDS = 20
MAX_FIELD_BYTES = 64 * 1024
MAX_NAME = 255
_BOUNDARY = re.compile(r"""boundary=(?:"([^"]{1,200})"|([^\s";,]{1,200}))""", re.IGNORECASE)
_STEERING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of text, so that a name reads as another."""


class Sent(NamedTuple):
    """A file as it was sent; `name` is clean_name's."""

    name: str
    content: bytes


class Form(NamedTuple):
    """All files in order, and the values of each field."""

    files: list[Sent]
    fields: dict[str, list[str]]


def clean_name(name: str) -> str:
    """A file's name to show: no path, nothing that is not seen, at most MAX_NAME characters; the ending is kept."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(each for each in name if unicodedata.category(each) not in _UNSEEN and each not in _STEERING)
    name = re.split(r"[/\\]", name)[-1].strip().strip(".") or "photo"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MAX_NAME]
    return f"{stem[: MAX_NAME - 1 - len(ending)]}.{ending}"


_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


async def read_form(request: AnyRequest, file_field: str, file_bytes: int) -> Form:
    """The body; else 400, 413 or 415. Files come as `file_field`, each of at most `file_bytes`."""
    kind = request.headers.get("content-type", "")
    boundary = _BOUNDARY.search(kind)
    if kind.partition(";")[0].strip().lower() != "multipart/form-data" or boundary is None:
        raise ApiError(415, "Send multipart/form-data with its boundary")
    if "content-encoding" in request.headers:
        raise ApiError(415, "The body must not be compressed")
    reading = _Reading(file_field, file_bytes)
    try:
        with PushMultipartParser(boundary[1] or boundary[2], max_segment_count=MAX_FILES + MAX_FIELDS) as parser:
            async for chunk in request.stream():
                for event in parser.parse(chunk) if chunk and not parser.closed else ():
                    reading.take(event)
    except MultipartError as error:
        raise ApiError(400, f"The form cannot be read: {error!s:.100}") from None
    return Form(reading.files, reading.fields)


class _Reading:
    """What came until now, part by part."""

    def __init__(self, file_field: str, file_bytes: int) -> None:
        self.files: list[Sent] = []
        self.fields: dict[str, list[str]] = {}
        self._file_field, self._file_bytes = file_field, file_bytes
        self._part: Any = None
        self._content = bytearray()

    def take(self, event: Any) -> None:
        """A part's head, some of its content, or None at its end."""
        if isinstance(event, MultipartSegment):
            self._part, self._content = event, bytearray()
            self._check_part()
        elif event is not None:
            self._content += event
            self._check_size()
        elif self._is_file:
            if self._part.filename or self._content:  # browsers send an empty one where nothing was chosen
                self.files.append(Sent(clean_name(self._part.filename), bytes(self._content)))
        else:
            self.fields.setdefault(self._part.name, []).append(self._text())

    @property
    def _is_file(self) -> bool:
        return self._part.filename is not None

    def _check_part(self) -> None:
        field = self._file_field
        if self._is_file != (self._part.name == field):
            at = self._part.name[:100]
            raise invalid([fault(at, f"{at} must be text: files are sent as {field}, with a file name")])
        if self._is_file and len(self.files) == MAX_FILES:
            raise invalid([fault(field, f"At most {MAX_FILES} files are taken at once")])

    def _check_size(self) -> None:
        if self._is_file and len(self._content) > self._file_bytes:
            name = clean_name(self._part.filename)
            raise ApiError(413, f"{name} has more than the {self._file_bytes} bytes that a file may have")
        if not self._is_file and len(self._content) > MAX_FIELD_BYTES:
            raise ApiError(413, f"{self._part.name:.100} has more than {MAX_FIELD_BYTES} bytes")

    def _text(self) -> str:
        try:
            text = self._content.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            name = self._part.name[:100]
            raise invalid([fault(name, f"{name} must be UTF-8 text without NUL characters")])
        return text
