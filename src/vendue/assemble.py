"""Settings -> adapters. The only file that names an adapter."""

import re
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL

from vendue.api.signing import Signer
from vendue.board.memory import MemoryBoard
from vendue.board.port import Board
from vendue.board.redis import RedisBoard
from vendue.board.redis_store import BadBoard
from vendue.catalogue.mongo import MongoCatalogue
from vendue.catalogue.port import Catalogue
from vendue.catalogue.sql import SqlCatalogue
from vendue.files.folder import FolderFiles
from vendue.files.port import FileStore
from vendue.files.s3 import Bucket, S3Files
from vendue.log.history import each_once, records_of
from vendue.log.kafka import KafkaLog
from vendue.log.kafka_cluster import BadCluster, Cluster
from vendue.log.port import Log, Record
from vendue.log.sqlite import SqliteLog
from vendue.log.sqlite_file import read_auction
from vendue.mail.port import Mail
from vendue.mail.printed import PrintedMail
from vendue.mail.smtp import SmtpMail
from vendue.projector import Projector
from vendue.rules.terms import RULES_VERSION
from vendue.settings import SEEDS, BadSetting, Settings

SECRET_BYTES = 32
_RESTORE = "put it back from the backup, or remove it: a new one is made,"
_ADVICE = f"{_RESTORE} and everyone has to sign in again."
_KEY_ADVICE = f"{_RESTORE} and the old one's public key goes into VENDUE_EARLIER_KEYS."
_PROTOCOLS = {"plaintext": "PLAINTEXT", "tls": "SSL", "sasl_plaintext": "SASL_PLAINTEXT", "sasl_tls": "SASL_SSL"}
_ENTRY = {
    "kafka_ca": ("ssl.ca.location", "tls"),
    "kafka_cert": ("ssl.certificate.location", "tls"),
    "kafka_key": ("ssl.key.location", "tls"),
    "kafka_user": ("sasl.username", "sasl"),
    "kafka_password": ("sasl.password", "sasl"),
}
"""What the client library calls a setting, and what must be in `kafka_security` for it to be of use."""


def check_shared(settings: Settings, kind: str) -> None:
    """Raises BadSetting where processes of this kind would each have a part of their own that they must share."""
    if kind == "run":
        return
    wanted = {"log": "kafka://HOST:9092"}
    if kind != "projector":
        wanted["board"] = "redis://HOST:6379"
    if kind != "engine":
        wanted["catalogue"] = "postgresql://… or mongodb://…"
    own = [f"VENDUE_{name.upper()}={url}" for name, url in wanted.items() if "://" not in getattr(settings, name)]
    if kind == "api" and settings.secret is None:
        own.append(f"VENDUE_SECRET, of at least {SECRET_BYTES} characters")
    if kind == "api" and settings.signing_key is None:
        own.append("VENDUE_SIGNING_KEY, which `openssl rand -base64 32` makes")
    if own:
        raise BadSetting(f"vendue {kind} shares with other processes: set {' and '.join(own)}, or use vendue run.")


async def open_log(settings: Settings) -> Log:
    """The log that the settings name. Raises BadSetting, LogBroken, LogUnavailable."""
    if settings.log == "sqlite":
        return SqliteLog(Path(settings.data))
    brokers = settings.log.removeprefix("kafka://").partition("/")[0]
    try:
        return await KafkaLog.open(Cluster(brokers, _system_of(settings), _security(settings)), RULES_VERSION)
    except BadCluster as error:
        raise BadSetting(str(error)) from error


def _system_of(settings: Settings) -> str:
    """What tells this system's names in Kafka and Redis from another's there; may be ""."""
    return settings.log.removeprefix("kafka://").partition("/")[2]


def _security(settings: Settings) -> dict[str, str]:
    """What the client library is told of how one enters Kafka."""
    security = settings.kafka_security
    told = {"security.protocol": _PROTOCOLS[security]}
    for name, (known, needs) in _ENTRY.items():
        value = getattr(settings, name)
        if value is None:
            continue
        if needs not in security:
            use = f"needs VENDUE_KAFKA_SECURITY={needs if needs == 'tls' else 'sasl_plaintext'} or sasl_tls"
            raise BadSetting(f"VENDUE_{name.upper()} {use}, and that is {security}.")
        told[known] = _readable(name, value) if needs == "tls" else value
    if (settings.kafka_cert is None) != (settings.kafka_key is None):
        raise BadSetting("VENDUE_KAFKA_CERT and VENDUE_KAFKA_KEY go together: set both, or none.")
    if "sasl" in security:
        if settings.kafka_user is None or settings.kafka_password is None:
            raise BadSetting(f"VENDUE_KAFKA_SECURITY={security} needs VENDUE_KAFKA_USER and VENDUE_KAFKA_PASSWORD.")
        told["sasl.mechanism"] = settings.kafka_sasl.upper()
    return told


def _readable(name: str, file: str) -> str:
    try:
        Path(file).read_bytes()
    except OSError as error:
        raise BadSetting(f"VENDUE_{name.upper()}: {file} cannot be read ({error.strerror}).") from error
    return file


def open_files(settings: Settings) -> FileStore:
    """The store that the settings name; whether it answers, only its use shows. Raises BadSetting."""
    if settings.files == "folder":
        return FolderFiles(Path(settings.data) / "files")
    if (settings.files_key_id is None) != (settings.files_secret is None):
        raise BadSetting("VENDUE_FILES_KEY_ID and VENDUE_FILES_SECRET go together: set both, or none.")
    name, region, endpoint = settings.files.removeprefix("s3://"), settings.files_region, settings.files_endpoint
    return S3Files(Bucket(name, region, endpoint, settings.files_key_id, settings.files_secret))


async def open_board(settings: Settings) -> Board:
    """The board that the settings name; a Redis that does not answer is used as soon as it does. Raises BadSetting."""
    if settings.board == "memory":
        return MemoryBoard()
    try:
        return await RedisBoard.open(settings.board, _system_of(settings))
    except BadBoard as error:
        raise BadSetting(f"VENDUE_BOARD: {error}.") from None


async def open_catalogue(url: str, forward: bool = True) -> Catalogue:
    """The catalogue at sqlite:///path, postgresql://… or mongodb://…, `forward` as in SqlCatalogue.

    Raises CatalogueBroken.
    """
    if url.startswith(("mongodb://", "mongodb+srv://")):
        return await MongoCatalogue.open(url, forward)
    return await SqlCatalogue.open(url, forward)


@asynccontextmanager
async def catalogue_of(settings: Settings, forward: bool = False) -> AsyncIterator[Catalogue]:
    """The catalogue alone, brought `forward` to this version's schema, as the embedded one always is.

    Raises CatalogueBroken.
    """
    catalogue = await open_catalogue(_catalogue_url(settings), forward or settings.catalogue == "sqlite")
    try:
        yield catalogue
    finally:
        await catalogue.close()


@asynccontextmanager
async def projector_of(settings: Settings) -> AsyncIterator[tuple[Projector, int]]:
    """A projector that does not run, and how many events there are. Raises LogBroken, CatalogueBroken."""
    async with catalogue_of(settings) as catalogue:
        log = await open_log(settings)
        try:
            yield Projector(log, catalogue), sum((await log.ends("auction-events")).values())
        finally:
            await log.close()


async def records_of_auction(settings: Settings, auction: str) -> tuple[Sequence[Record], Sequence[Record]]:
    """Its commands and its events, also while the system runs. Raises LogBroken, LogUnavailable."""
    if settings.log == "sqlite":
        return read_auction(Path(settings.data), auction)
    log = await open_log(settings)
    try:
        return await records_of(log, "bids", auction), each_once(await records_of(log, "auction-events", auction))
    finally:
        await log.close()


def _catalogue_url(settings: Settings) -> str:
    if settings.catalogue != "sqlite":
        return settings.catalogue
    folder = Path(settings.data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return URL.create("sqlite", database=str(folder / "catalogue.db")).render_as_string()


def secret_of(settings: Settings) -> str:
    """The secret that signs tokens: as it is set, or made once, readable by its owner alone."""
    if settings.secret is not None:
        return settings.secret
    path = Path(settings.data) / "secret"
    secret = _made_once(path, secrets.token_urlsafe(SECRET_BYTES), _ADVICE)
    if len(secret) < SECRET_BYTES:
        raise BadSetting(f"{path} holds {len(secret)} characters, and at least {SECRET_BYTES} are needed; {_ADVICE}")
    return secret


def signer_of(settings: Settings, make: bool = True) -> Signer:
    """What signs: its key as it is set, or made once, readable by its owner alone. Raises BadSetting, as where there
    is none and it is not ours to `make`.
    """
    path = Path(settings.data) / "signing-key"
    if not (make or settings.signing_key or path.exists()):
        raise BadSetting(f"There is no key to sign with: set VENDUE_SIGNING_KEY as for vendue api, or bring {path}.")
    seed = settings.signing_key or _made_once(path, b64encode(secrets.token_bytes(SECRET_BYTES)).decode(), _KEY_ADVICE)
    if not re.fullmatch(SEEDS, seed):
        raise BadSetting(f"{path} holds no 32 bytes in base64; {_KEY_ADVICE}")
    return Signer(seed, list(filter(None, (settings.earlier_keys or "").split(","))))


def _made_once(path: Path, value: str, advice: str) -> str:
    """What the file holds: this value, if it was not there before."""
    if not path.exists():
        made = path.with_name(f"{path.name}.new")
        made.touch(mode=0o600)
        made.write_text(value)
        made.rename(path)  # whole or not at all
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} cannot be read as text ({error}); {advice}") from error


def open_mail(settings: Settings, say: Callable[[str], None]) -> Mail:
    """What sends letters; `say` prints."""
    return PrintedMail(say) if settings.mail == "print" else SmtpMail(settings.mail, settings.mail_from)
