"""The descriptions of the routes of photos."""

from typing import Any

from vendue.api.openapi_parts import FIELDS, PAGE, PATH_ID, READ, WRITE, operation, parameter
from vendue.api.photo_rows import UPLOADS
from vendue.api.schemas import ref
from vendue.files.port import MEDIA_TYPES


def file_paths() -> dict[str, Any]:
    """All of them."""
    file, id = ref("File"), parameter("id", {"type": "string"}, description="The file to change, if one is.")
    sent = {200: file, 201: {"type": "array", "items": file}}
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    etag = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
    return {
        "/api/upload": {
            "post": operation(
                "File",
                "Send photos, or with `id` change what is said of one or put another in its place",
                sent,
                (*WRITE, 409, 412, 429),
                (id,),
                ref("UploadInput"),
                body_type="multipart/form-data",
            ),
        },
        "/api/upload/files": {
            "get": operation("File", "Files", {200: {"type": "array", "items": file}}, READ, PAGE),
        },
        "/api/upload/files/{id}": {
            "get": operation("File", "One file", {200: file}, (*READ, 404), (PATH_ID, *FIELDS)),
            "delete": operation("File", "Remove a file", {200: file}, (401, 403, 404, 409, 429, 503), (PATH_ID,)),
        },
        UPLOADS + "{name}": {
            "get": operation(
                "File",
                "A photo, or one of its smaller formats; it never changes",
                {200: {"type": "string", "format": "binary"}, 304: None},
                (404, 503),
                (name, etag),
                signed_in=False,
                media_types=MEDIA_TYPES.values(),
            ),
        },
    }
