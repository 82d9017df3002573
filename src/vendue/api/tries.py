"""How fast somebody may try what only the right one knows: passwords, codes, cookies."""

import time

from vendue.api.errors import AnyRequest, rate_limited
from vendue.api.limits import Buckets


class Tries:
    """Limits by client address, and by what is tried from it: nobody is kept out of an account from elsewhere."""

    def __init__(self, by_address: Buckets, by_name: Buckets) -> None:
        self._by_address, self._by_name = by_address, by_name

    def from_address(self, request: AnyRequest) -> None:
        """Count one of any kind; 429 where there were too many."""
        if wait := self._by_address.take(address_of(request), time.monotonic()):
            raise rate_limited(wait)

    def of(self, request: AnyRequest, name: str) -> None:
        """Count one of this name, from this address; 429 where there were too many."""
        if wait := self._by_name.take((address_of(request), name), time.monotonic()):
            raise rate_limited(wait)


def address_of(request: AnyRequest) -> str:
    """The client's address, as the server saw it."""
    return request.client.host if request.client else ""
