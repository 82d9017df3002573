"""Every setting, its unit, default and limit: environment variables VENDUE_…, or one TOML file with the same names."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields

PREFIX = "VENDUE_"

FILES = r"^(folder|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$"
BOARDS = r"^(memory|rediss?://.+)$"
LOGS = r"^(sqlite|kafka://[^/@ ]+:\d+(/[A-Za-z0-9._-]{1,100})?)$"
CATALOGUES = r"^(sqlite|(postgresql|mongodb|mongodb\+srv)://.+)$"
ENDPOINTS = r"^https?://.+$"
PUBLIC_URLS = r"^https?://[^/?#]+/?$"
MAILS = r"^(print|smtps?://.+)$"
SEEDS = r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"
KEYS = r"^([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](,|$))*$"
_SHAPES = {
    FILES: "folder, or s3:// and the name of a bucket",
    ENDPOINTS: "an address that begins with https:// or http://",
    BOARDS: "memory, or an address that begins with redis:// or rediss://",
    LOGS: "sqlite, or kafka://host:9092,host:9092 with, if others use that Kafka too, /prefix of the topics' names",
    CATALOGUES: "sqlite, or an address that begins with postgresql:// or mongodb://",
    PUBLIC_URLS: "an address such as https://sale.example.com, without a path",
    SEEDS: "32 random bytes in base64, as `openssl rand -base64 32` makes them",
    KEYS: "the `x` of public keys as /.well-known/vendue showed them, by comma",
    MAILS: "print, or an address such as smtp://user:password@host:587 or smtps://host",
}
Count = Annotated[int, Meta(ge=1, le=10_000_000)]
Size = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Rate = Annotated[float, Meta(gt=0, le=1_000_000)]


class BadSetting(Exception):
    """A setting that is unknown or out of its limits; the message names it and what would be right."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """In the environment in upper case with VENDUE_ before it: `max_body_bytes` is VENDUE_MAX_BODY_BYTES.

    Rates are by account and second unless they say otherwise; a burst is what may come at once.
    """

    data: str = "./data"
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 1337
    log: Annotated[str, Meta(pattern=LOGS)] = "sqlite"
    kafka_security: Literal["plaintext", "tls", "sasl_plaintext", "sasl_tls"] = "plaintext"
    kafka_ca: str | None = None
    kafka_cert: str | None = None
    kafka_key: str | None = None
    kafka_sasl: Literal["scram-sha-512", "scram-sha-256", "plain"] = "scram-sha-512"
    kafka_user: str | None = None
    kafka_password: str | None = None
    board: Annotated[str, Meta(pattern=BOARDS)] = "memory"
    catalogue: Annotated[str, Meta(pattern=CATALOGUES)] = "sqlite"
    files: Annotated[str, Meta(pattern=FILES)] = "folder"
    files_endpoint: Annotated[str, Meta(pattern=ENDPOINTS)] | None = None
    files_region: str = "us-east-1"
    files_key_id: str | None = None
    files_secret: str | None = None
    secret: Annotated[str, Meta(min_length=32)] | None = None
    signing_key: Annotated[str, Meta(pattern=SEEDS)] | None = None
    earlier_keys: Annotated[str, Meta(pattern=KEYS)] | None = None
    public_url: Annotated[str, Meta(pattern=PUBLIC_URLS)] = "http://localhost:1337"
    mail: Annotated[str, Meta(pattern=MAILS)] = "print"
    mail_from: Annotated[str, Meta(min_length=3)] = "vendue@localhost"
    token_ttl_s: Annotated[int, Meta(ge=60, le=7 * 24 * 3600)] = 900
    session_ttl_s: Annotated[int, Meta(ge=300, le=366 * 24 * 3600)] = 30 * 24 * 3600
    max_body_bytes: Count = 256 * 1024
    max_upload_bytes: Size = 20 * 1024 * 1024
    max_photo_bytes: Size = 15 * 1024 * 1024
    max_photo_pixels: Size = 50_000_000
    max_files_per_user: Count = 2_000
    max_frame_bytes: Count = 64 * 1024
    max_connections: Count = 20_000
    max_connections_per_address: Count = 1_000
    max_subscriptions: Count = 1_000
    max_requests_at_once: Count = 10_000
    bid_rate: Rate = 20.0
    bid_burst: Count = 40
    action_rate: Rate = 5.0
    action_burst: Count = 50
    upload_rate: Rate = 1.0
    upload_burst: Count = 30
    message_rate: Rate = 50.0
    message_burst: Count = 200
    sign_in_rate: Rate = 0.1
    sign_in_burst: Count = 10
    sign_in_address_rate: Rate = 1.0
    sign_in_address_burst: Count = 50
    traces: Annotated[str, Meta(pattern=ENDPOINTS)] | None = None
    traces_ratio: Annotated[float, Meta(gt=0, le=1)] = 1.0
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def __repr__(self) -> str:
        """Without values: some are passwords, and some addresses hold one."""
        return "Settings(…)"


def read_settings(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The environment's settings over the file's over the defaults; an empty variable is none. Raises BadSetting."""
    values: dict[str, object] = {}
    if file is not None:
        try:
            values |= tomllib.loads(file.read_text())
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadSetting(f"{file} cannot be read as TOML: {error}") from error
    known = {field.name for field in fields(Settings)}
    for variable, value in environment.items():
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and name in known and value:
            values[name] = value
    unknown = values.keys() - known
    if unknown:
        raise BadSetting(f"{file}: there is no setting {min(unknown)}; the settings are {', '.join(sorted(known))}.")
    for field in fields(Settings):
        try:
            if field.name in values:
                values[field.name] = convert(values[field.name], field.type, strict=False)
        except ValidationError as error:
            raise BadSetting(f"{PREFIX}{field.name.upper()}: {_explain(field.type)}.") from error
    return convert(values, Settings)


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like settings and are none. They are no fault: others may use the prefix too."""
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    return sorted(variable for variable in environment if variable.startswith(PREFIX) and variable not in known)


def _explain(kind: Any) -> str:
    """What would be right, in words."""
    if get_origin(kind) is Literal:
        return f"choose one of {', '.join(get_args(kind))}"
    inner = next((each for each in get_args(kind) if get_origin(each) is Annotated), kind)
    plain, *limits = get_args(inner) if get_origin(inner) is Annotated else (inner,)
    limit = limits[0] if limits else Meta()
    if limit.pattern is not None:
        return f"it must be {_SHAPES[limit.pattern]}"
    if plain is str:
        return f"it must be text of at least {limit.min_length or 0} characters"
    reach = f"from {limit.ge} to {limit.le}" if limit.ge is not None else f"above {limit.gt}, at most {limit.le}"
    return f"it must be a {'whole number' if plain is int else 'number'} {reach}"
