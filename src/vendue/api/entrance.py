"""Who may watch: how many live connections there are, in all and from one address."""

from msgspec import Struct

from vendue.api.errors import ApiError
from vendue.api.hub import Hub
from vendue.api.watcher import Watcher

PATH = "/api/live"


class LiveSettings(Struct, frozen=True):
    """Limits of the live feed; a rate is messages a second on one connection."""

    connections: int = 20_000
    connections_per_address: int = 1_000
    subscriptions: int = 1_000
    frame_bytes: int = 64 * 1024
    message_rate: float = 50.0
    message_burst: int = 200


class Entrance:
    """Counts live connections, websockets and event streams."""

    def __init__(self, hub: Hub, settings: LiveSettings) -> None:
        self._hub, self._settings = hub, settings
        self._addresses: dict[str, int] = {}

    def enter(self, address: str) -> Watcher:
        """A new connection's watcher; 503 where there are too many."""
        here = self._addresses.get(address, 0)
        full = self._hub.count >= self._settings.connections
        if full or here >= self._settings.connections_per_address:
            where = "" if full else " from this address"
            raise ApiError(503, f"Too many live connections{where}; try again.", headers={"Retry-After": "5"})
        self._addresses[address] = here + 1
        return self._hub.join()

    def leave(self, watcher: Watcher, address: str) -> None:
        """It is gone."""
        self._hub.leave(watcher)
        self._addresses[address] -= 1
        if not self._addresses[address]:
            del self._addresses[address]
