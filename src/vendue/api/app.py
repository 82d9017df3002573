"""The ordinary routes as one application. POST /api/bids and /api/live are applications of their own beside it."""

from argon2 import PasswordHasher
from litestar import Litestar
from msgspec import Struct
from prometheus_client import CollectorRegistry

from vendue.api.accounts import Accounts
from vendue.api.actions import Actions
from vendue.api.auth import Access, Door, Tokens
from vendue.api.content import Content
from vendue.api.darkroom import Darkroom
from vendue.api.decisions import Decisions
from vendue.api.desk import Desk
from vendue.api.errors import EXCEPTION_HANDLERS
from vendue.api.headers import add_security_headers
from vendue.api.limits import Buckets
from vendue.api.passwords import Passwords
from vendue.api.served import Served
from vendue.api.service import Health, Service
from vendue.api.turns import Turns
from vendue.api.uploads import UploadLimits, Uploads
from vendue.board.port import Board
from vendue.catalogue.models import AUCTIONS, BIDS, CARS
from vendue.catalogue.port import Catalogue
from vendue.files.port import FileStore


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
    upload: UploadLimits = UploadLimits()
    upload_rate: float = 1.0
    upload_burst: int = 30
    photo_pixels: int = 50_000_000
    uploads_at_once: int = 16


def build(
    *,
    catalogue: Catalogue,
    board: Board,
    desk: Desk,
    files: FileStore,
    tokens: Tokens,
    access: Access,
    settings: ApiSettings,
    health: Health,
    metrics: CollectorRegistry,
    hasher: PasswordHasher | None = None,
) -> Litestar:
    """The application; whoever runs it also runs `access`, once refreshed, and `desk`."""
    door = Door(tokens, access)
    accounts = Accounts(
        catalogue,
        tokens,
        door,
        Passwords(hasher, settings.hashes_at_once, settings.hashes_waiting),
        by_name=Buckets(settings.sign_in_rate, settings.sign_in_burst),
        by_address=Buckets(settings.address_rate, settings.address_burst),
    )
    turns = Turns()
    cars = Content(CARS, catalogue, board, desk, door, turns)
    uploads = Uploads(
        catalogue,
        Darkroom(files, settings.photo_pixels, places=settings.uploads_at_once),
        door,
        turns,
        cars,
        Buckets(settings.upload_rate, settings.upload_burst),
        settings.upload,
    )
    history = Content(BIDS, catalogue, board, desk, door, turns)
    return Litestar(
        [
            *accounts.routes(),
            *cars.routes(),
            *Content(AUCTIONS, catalogue, board, desk, door, turns).routes(),
            *Actions(catalogue, desk, door, turns, Buckets(settings.action_rate, settings.action_burst)).routes(),
            *uploads.routes(),
            *Served(files).routes(),
            *Decisions(history, catalogue, desk, door).routes(),
            *Service(health, metrics).routes(),
        ],
        request_max_body_size=settings.body_bytes,
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[add_security_headers],
        openapi_config=None,
        logging_config=None,
    )
