"""What the descriptions of all routes are put together from."""

from collections.abc import Iterable, Mapping
from typing import Any

from vendue.api.errors import NAMES
from vendue.api.schemas import ID, Schema, an_object, ref

Operation = dict[str, Any]
IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same again gets the first decision. Made by the server where absent.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "description": "The row's ETag: 412 where it was changed since.",
    "schema": {"type": "string"},
}
PATH_ID: Schema = {"name": "id", "in": "path", "required": True, "schema": ID}


def operation(
    tag: str,
    summary: str,
    answers: Mapping[int, Schema | None],
    errors: tuple[int, ...],
    parameters: tuple[Schema, ...] = (),
    body: Schema | None = None,
    signed_in: bool = True,
    media_types: Iterable[str] = ("application/json",),
    body_type: str = "application/json",
) -> Operation:
    """A route's method; `answers`: status -> schema, `errors`: the statuses in Strapi's shape of an error."""
    responses: dict[str, Any] = {}
    for status, schema in answers.items():
        responses[str(status)] = {"description": "Done" if status < 400 else NAMES[status][1]}
        if schema is not None:
            responses[str(status)]["content"] = {media_type: {"schema": schema} for media_type in media_types}
    for status in sorted(errors):
        content = {"application/json": {"schema": ref("Error")}}
        responses[str(status)] = {"description": NAMES[status][1], "content": content}
    found: Operation = {"tags": [tag], "summary": summary, "parameters": list(parameters), "responses": responses}
    if body is not None:
        found["requestBody"] = {"required": True, "content": {body_type: {"schema": body}}}
    if signed_in:
        found["security"] = [{"jwt": []}, {}]
    return found


def data(schema: Schema) -> Schema:
    """Strapi's envelope of what is written."""
    return an_object({"data": schema}, "data")


def parameter(name: str, schema: Schema, **more: Any) -> Schema:
    """One of the query string."""
    return {"name": name, "in": "query", "schema": schema, **more}


FIELDS = (
    parameter("fields", {"type": "string"}, description="Names by comma."),
    parameter("populate", {"type": "string"}, description="Relations by comma, or `*`; nested as in Strapi."),
)
PAGE = (
    *FIELDS,
    parameter("sort", {"type": "string"}, description="`name` or `name:desc`, several by comma."),
    parameter("filters", {"type": "object"}, style="deepObject", description="As in Strapi: filters[make][$eq]=Ford."),
    parameter("pagination[page]", {"type": "integer", "minimum": 1}),
    parameter("pagination[pageSize]", {"type": "integer", "minimum": 1, "maximum": 100}),
)
READ, WRITE = (400, 401, 403, 503), (400, 401, 403, 404, 413, 415, 503)
