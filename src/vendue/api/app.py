"""The ordinary routes as one application. POST /api/bids and /api/live are applications of their own beside it."""

from typing import NamedTuple

from argon2 import PasswordHasher
from litestar import Litestar
from litestar.exceptions import NotFoundException
from msgspec import Struct

from vendue.api.access import Access
from vendue.api.actions import Actions
from vendue.api.api_tokens import ApiTokens
from vendue.api.auth import Door
from vendue.api.content import Content
from vendue.api.darkroom import Darkroom
from vendue.api.decisions import Decisions
from vendue.api.desk import Desk
from vendue.api.errors import EXCEPTION_HANDLERS
from vendue.api.evidence import EvidenceRoutes
from vendue.api.headers import add_security_headers
from vendue.api.health import Health
from vendue.api.limits import Buckets, Places
from vendue.api.passwords import Passwords
from vendue.api.recovery import Recovery
from vendue.api.roles import RoleRoutes
from vendue.api.served import Served
from vendue.api.service import Service
from vendue.api.sessions import Sessions
from vendue.api.sign_in import SignIn
from vendue.api.signing import Signer
from vendue.api.tokens import Tokens
from vendue.api.tries import Tries
from vendue.api.turns import Turns
from vendue.api.uploads import UploadLimits, Uploads
from vendue.api.users import Users
from vendue.api.watching import Watching
from vendue.api.watchlist import Watchlist
from vendue.api.web import Web
from vendue.board.port import Board
from vendue.catalogue.models import AUCTIONS, AUDIT_LOG, BIDS, CARS, WATCHLIST, ContentType
from vendue.catalogue.port import Catalogue
from vendue.files.port import FileStore
from vendue.mail.port import Mail


class ApiSettings(Struct, frozen=True):
    """Limits. Rates are per second, bursts what may come at once; sign-ins by identifier and by client address."""

    body_bytes: int = 256 * 1024
    sign_in_rate: float = 0.1
    sign_in_burst: int = 10
    address_rate: float = 1.0
    address_burst: int = 50
    action_rate: float = 5.0
    action_burst: int = 50
    hashes_at_once: int = 2
    hashes_waiting: int = 50
    session_ttl_s: int = 30 * 24 * 3600
    public_url: str = "http://localhost:1337"
    upload: UploadLimits = UploadLimits()
    upload_rate: float = 1.0
    upload_burst: int = 30
    photo_pixels: int = 50_000_000
    uploads_at_once: int = 16
    downloads_at_once: int = 100
    downloads_per_address: int = 10
    photos_at_once: int = 5_000
    photos_per_address: int = 2_500


class Api(NamedTuple):
    """The application, and what has to run beside it: what sends letters."""

    app: Litestar
    recovery: Recovery


def build(
    *,
    catalogue: Catalogue,
    board: Board,
    desk: Desk,
    files: FileStore,
    tokens: Tokens,
    access: Access,
    signer: Signer,
    mail: Mail,
    settings: ApiSettings,
    health: Health,
    hasher: PasswordHasher | None = None,
) -> Api:
    """Whoever runs it also runs `access`, once refreshed, and `desk`."""
    door, turns = Door(tokens, access), Turns()
    secure = settings.public_url.startswith("https:")
    sessions = Sessions(catalogue, tokens, access, settings.session_ttl_s, secure)
    passwords = Passwords(hasher, settings.hashes_at_once, settings.hashes_waiting)
    by_address = Buckets(settings.address_rate, settings.address_burst)
    tries = Tries(by_address, by_name=Buckets(settings.sign_in_rate, settings.sign_in_burst))
    recovery = Recovery(catalogue, sessions, access, door, passwords, mail, settings.public_url, tries)

    def content(of: ContentType) -> Content:
        return Content(of, catalogue, board, desk, door, turns)

    downloads = Places("downloads", settings.downloads_at_once, settings.downloads_per_address)
    photos = Places("photos", settings.photos_at_once, settings.photos_per_address)
    cars = content(CARS)
    uploads = Uploads(
        catalogue,
        Darkroom(files, settings.photo_pixels, places=settings.uploads_at_once),
        door,
        turns,
        cars,
        Buckets(settings.upload_rate, settings.upload_burst),
        settings.upload,
    )
    web = Web()
    app = Litestar(
        [
            *SignIn(catalogue, sessions, door, passwords, tries).routes(),
            *recovery.routes(),
            *Users(catalogue, access, door, passwords, tries).routes(),
            *RoleRoutes(catalogue, access, door).routes(),
            *ApiTokens(catalogue, access, door).routes(),
            *cars.routes(),
            *content(AUCTIONS).routes(),
            *content(AUDIT_LOG).reading(),
            *Watching(board, door).routes(),
            *Watchlist(content(WATCHLIST), catalogue, door).routes(),
            *Actions(catalogue, desk, door, turns, Buckets(settings.action_rate, settings.action_burst)).routes(),
            *uploads.routes(),
            *Served(files, photos).routes(),
            *Decisions(content(BIDS), catalogue, desk, door, signer).routes(),
            *EvidenceRoutes(catalogue, desk, door, signer, downloads).routes(),
            *Service().routes(),
            *web.routes(),
            *health.routes(),
        ],
        request_max_body_size=settings.body_bytes,
        exception_handlers=EXCEPTION_HANDLERS | {NotFoundException: web.missing},
        before_send=[add_security_headers],
        openapi_config=None,
        logging_config=None,
    )
    return Api(app, recovery)
