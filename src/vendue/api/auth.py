"""The door: who asks, and whether he may."""

from vendue.api.access import API_TOKEN, Access
from vendue.api.errors import AnyRequest, ApiError
from vendue.api.permissions import PUBLIC, Viewer
from vendue.api.tokens import InvalidToken, Tokens


class Door:
    """Lets requests in."""

    def __init__(self, tokens: Tokens, access: Access) -> None:
        self._tokens, self._access = tokens, access

    def viewer(self, authorization: str | None) -> Viewer:
        """Whoever the Authorization header names; 401 where its token is not valid."""
        if not authorization:
            return PUBLIC
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise ApiError(401)
        token = token.strip()
        if token.startswith(API_TOKEN):
            return self._access.api_viewer(token)
        try:
            return self._access.viewer(self._tokens.verify(token))
        except InvalidToken:
            raise ApiError(401) from None

    def allows(self, viewer: Viewer, action: str) -> bool:
        """Whether someone may take this action."""
        return action in self._access.actions(viewer.role)

    def admit(self, request: AnyRequest, action: str) -> Viewer:
        """The viewer, who may take this action; else 401 or 403."""
        viewer = self.viewer(request.headers.get("authorization"))
        if not self.allows(viewer, action):
            raise ApiError(403)
        return viewer

    def admit_person(self, request: AnyRequest, action: str) -> Viewer:
        """As `admit`, but no program with an API token: what it could do to the account would outlive the token."""
        viewer = self.admit(request, action)
        if viewer.by_token:
            raise ApiError(403, "An API token cannot do this: sign in")
        return viewer

    def session(self, request: AnyRequest) -> str | None:
        """The session of the token that a request brings."""
        try:
            claims = self._tokens.verify(request.headers.get("authorization", "").partition(" ")[2].strip())
        except InvalidToken:
            return None
        return claims.session or None

    def admit_anyone(self, action: str) -> None:
        """Whoever signs in is nobody yet, whatever stale token comes along; 403 where the public may not."""
        if not self.allows(PUBLIC, action):
            raise ApiError(403)
