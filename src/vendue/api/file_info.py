"""What comes beside the files of an upload: what is said of each, and the car that they are for."""

from typing import Any

from msgspec import DecodeError
from msgspec.json import decode

from vendue.api.errors import fault, invalid, invalid_key
from vendue.api.forms import Form, clean_name
from vendue.api.writes import read_field
from vendue.catalogue.models import FILES
from vendue.catalogue.port import Row

INFO = ("name", "alternativeText", "caption")
_FIELDS = {"fileInfo", "ref", "refId", "field"}
_TARGET = {"ref": "api::car.car", "field": "photos"}


def check_fields(form: Form) -> None:
    """400 for a field that no upload has."""
    wrong = next((name for name in form.fields if name not in _FIELDS), None)
    if wrong is not None:
        raise invalid_key(wrong)


def infos_of(form: Form, count: int) -> list[Row]:
    """What is said of each file, in their order: an object, a list of them, or several fields with one each."""
    said: list[Any] = []
    for text in form.fields.get("fileInfo", ()):
        try:
            found = decode(text)
        except (DecodeError, RecursionError):
            raise invalid([fault("fileInfo", "fileInfo must be JSON")]) from None
        said += found if isinstance(found, list) else [found]
    if len(said) > count:
        raise invalid([fault("fileInfo", f"fileInfo has {len(said)} entries for {count} file(s)")])
    return [_info(each) for each in said] + [{} for _ in range(count - len(said))]


def _info(said: Any) -> Row:
    if not isinstance(said, dict):
        raise invalid([fault("fileInfo", "fileInfo must be a JSON object, or a list of them")])
    wrong = next((key for key in said if key not in INFO), None)
    if wrong is not None:
        raise invalid_key(wrong)
    values: Row = {}
    faults: list[dict[str, Any]] = []
    for name in INFO:
        if said.get(name) is not None:  # as in Strapi, null leaves it as it is
            field = FILES.field(name)
            assert field is not None, "INFO names fields"
            values[name] = read_field(field, said[name], faults)
    if faults:
        raise invalid(faults)
    if "name" in values:
        values["name"] = clean_name(values["name"])
    return values


def target_of(form: Form) -> str | None:
    """The id of the car that the files are for, where `ref`, `refId` and `field` name one."""
    given = {name: values[-1] for name, values in form.fields.items() if name != "fileInfo"}
    if not given:
        return None
    for name, value in _TARGET.items():
        if given.get(name) != value:
            raise invalid([fault(name, f"{name} must be {value}: files are attached to the photos of cars")])
    if not given.get("refId"):
        raise invalid([fault("refId", "refId must be the id of a car")])
    return given["refId"]
