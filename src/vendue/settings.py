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

    A rate is what may come a second, a burst what may come at once. What stands below each is its row in the
    documentation's table, docs/settings.md.
    """

    data: str = "./data"
    """Folder where everything is kept; made with mode 0700 where it is missing."""
    host: str = "127.0.0.1"
    """Address to listen at; `0.0.0.0` is every IPv4 address."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 1337
    """0 takes a free one, which the first line of output tells."""
    log: Annotated[str, Meta(pattern=LOGS)] = "sqlite"
    """Where the log is: a file, or [Kafka](production.md). The prefix comes before its topics' names, and before the
    board's keys in Redis."""
    kafka_security: Literal["plaintext", "tls", "sasl_plaintext", "sasl_tls"] = "plaintext"
    """How one enters Kafka."""
    kafka_ca: str | None = None
    """PEM file of whose certificates Kafka's are signed by; without it the system's."""
    kafka_cert: str | None = None
    """PEM file of our own certificate, where Kafka asks for one."""
    kafka_key: str | None = None
    """PEM file of its key, without a password; may be the same file."""
    kafka_sasl: Literal["scram-sha-512", "scram-sha-256", "plain"] = "scram-sha-512"
    """How the name and password are told."""
    kafka_user: str | None = None
    """Who we are to Kafka."""
    kafka_password: str | None = None
    """And the proof; never shown."""
    board: Annotated[str, Meta(pattern=BOARDS)] = "memory"
    """Where standings are: in the process, or in a [Redis](operators.md#redis); `rediss` is TLS."""
    catalogue: Annotated[str, Meta(pattern=CATALOGUES)] = "sqlite"
    """Where the [catalogue](operators.md#postgresql-and-mongodb) is."""
    files: Annotated[str, Meta(pattern=FILES)] = "folder"
    """Where photos are kept: the data folder, or a bucket of any [S3](operators.md#photos-in-s3)."""
    files_endpoint: Annotated[str, Meta(pattern=ENDPOINTS)] | None = None
    """Address of the S3; without it Amazon's own."""
    files_region: str = "us-east-1"
    """Of the bucket."""
    files_key_id: str | None = None
    """Who we are to the S3; without one, what AWS's own variables or the machine's role say."""
    files_secret: str | None = None
    """That key's secret; never shown."""
    secret: Annotated[str, Meta(min_length=32)] | None = None
    """Characters that sign tokens; without it some are made and kept in the data folder."""
    signing_key: Annotated[str, Meta(pattern=SEEDS)] | None = None
    """Signs receipts; without it one is made and kept in the data folder. `openssl rand -base64 32` makes one."""
    earlier_keys: Annotated[str, Meta(pattern=KEYS)] | None = None
    """The `x` of keys that signed before, as `/.well-known/vendue` showed them: so old receipts stay checkable."""
    public_url: Annotated[str, Meta(pattern=PUBLIC_URLS)] = "http://localhost:1337"
    """Where people reach this server: for links in letters. With https the cookie goes over https alone."""
    mail: Annotated[str, Meta(pattern=MAILS)] = "print"
    """How letters are sent: printed on standard output, or by a mail server, `smtp://user:password@host:587`."""
    mail_from: Annotated[str, Meta(min_length=3)] = "vendue@localhost"
    """Whom letters are from."""
    token_ttl_s: Annotated[int, Meta(ge=60, le=7 * 24 * 3600)] = 900
    """Seconds that a token is good; the session's cookie renews it."""
    session_ttl_s: Annotated[int, Meta(ge=300, le=366 * 24 * 3600)] = 30 * 24 * 3600
    """Seconds after signing in that renewing can go on."""
    max_body_bytes: Count = 256 * 1024
    """Bytes of a request's body; above, 413."""
    max_upload_bytes: Size = 20 * 1024 * 1024
    """Bytes of a request with photos."""
    max_photo_bytes: Size = 15 * 1024 * 1024
    """Bytes of each photo in it."""
    max_photo_pixels: Size = 50_000_000
    """Pixels of a photo; developing it takes up to 20 bytes a pixel, one at a time."""
    max_files_per_user: Count = 2_000
    """Files that an account may own; above, 409."""
    max_frame_bytes: Count = 64 * 1024
    """Bytes of a message on the websocket; above, an error, and above four times that the connection ends."""
    max_connections: Count = 20_000
    """Live connections, websockets and event streams; above, 503."""
    max_connections_per_address: Count = 1_000
    """Live connections from one client address."""
    max_subscriptions: Count = 1_000
    """Auctions on one live connection."""
    max_requests_at_once: Count = 10_000
    """Connections beside the live ones; above, 503. Photos may be half of them, a quarter to one client address."""
    max_downloads: Count = 100
    """Logs and openings of finished auctions that are sent at once; above, 503."""
    max_downloads_per_address: Count = 10
    """Of these to one client address."""
    bid_rate: Rate = 20.0
    """Bids a second, by account."""
    bid_burst: Count = 40
    """Bids at once, by account."""
    action_rate: Rate = 5.0
    """Actions a second (list, extend and the like), by account."""
    action_burst: Count = 50
    """Actions at once, by account."""
    upload_rate: Rate = 1.0
    """Requests a second that upload, change or delete photos, by account."""
    upload_burst: Count = 30
    """Such requests at once, by account."""
    message_rate: Rate = 50.0
    """Messages a second on one live connection."""
    message_burst: Count = 200
    """Messages at once on one live connection."""
    sign_in_rate: Rate = 0.1
    """Sign-ins a second, by address and what was given as identifier."""
    sign_in_burst: Count = 10
    """Sign-ins at once, by address and identifier."""
    sign_in_address_rate: Rate = 1.0
    """Sign-ins and registrations a second, by client address."""
    sign_in_address_burst: Count = 50
    """Sign-ins and registrations at once, by client address."""
    traces: Annotated[str, Meta(pattern=ENDPOINTS)] | None = None
    """Where spans of bids and actions go: an OpenTelemetry collector, such as `http://localhost:4318`."""
    traces_ratio: Annotated[float, Meta(gt=0, le=1)] = 1.0
    """Part of bids and actions that are traced."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Of what goes to standard error."""

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
            raise BadSetting(f"{PREFIX}{field.name.upper()}: {explain(field.type)}.") from error
    return convert(values, Settings)


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like settings and are none. They are no fault: others may use the prefix too."""
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    return sorted(variable for variable in environment if variable.startswith(PREFIX) and variable not in known)


def explain(kind: Any) -> str:
    """What a setting of this type must be, in words."""
    if get_origin(kind) is Literal:
        return f"choose one of {', '.join(get_args(kind))}"
    if type(None) in get_args(kind):
        kind, _ = get_args(kind)
    plain, *limits = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    limit = limits[0] if limits else Meta()
    if limit.pattern is not None:
        return f"it must be {_SHAPES[limit.pattern]}"
    if plain is str:
        return f"it must be text of at least {limit.min_length} characters" if limit.min_length else "it must be text"
    reach = f"from {limit.ge} to {limit.le}" if limit.ge is not None else f"above {limit.gt}, at most {limit.le}"
    return f"it must be a {'whole number' if plain is int else 'number'} {reach}"
