"""Who may use the review page: this machine only, one token, no other page.

It listens on the loopback address. The address that is printed carries a token, which becomes a
cookie of this port that other sites cannot make a browser send; every request must come under the
address we listen on (a name that was bent to it is refused), and what changes anything must come
from the page itself, with the token again in a header that no form can set.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final

from pipelines.errors import MissingExtra

try:
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
except ModuleNotFoundError as error:
    raise MissingExtra("the review page", "review") from error

HOST: Final = "127.0.0.1"
HEADER: Final = "x-findings-token"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Door:
    """The address and the token of a page.

    Attributes:
        port: That is listened on.
        token: Made for this page; whoever has it may answer.
        tickets: That stand for the token one time each.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    tickets: set[str] = field(default_factory=set)

    def once(self) -> str:
        """Return an address that opens the page one time.

        A browser is given it as a word of its command, which everybody on this machine can read.
        """
        ticket = secrets.token_urlsafe(24)
        self.tickets.add(ticket)
        return f"{self.origin}/?token={ticket}"

    @property
    def origin(self) -> str:
        """Where the page is, without its token."""
        return f"http://{HOST}:{self.port}"

    @property
    def cookie(self) -> str:
        """Name of the cookie: cookies do not tell ports apart, so the name does."""
        return f"findings-review-{self.port}"

    def refused(self, request: Request, *, change: bool) -> Response | None:
        """Return a refusal for a request that is not of the page that we handed out."""
        if request.headers.get("host") != f"{HOST}:{self.port}":
            return refusal("this address is not that of the page", 421)
        origin = request.headers.get("origin")
        if origin not in (None, self.origin):
            return refusal("a request from another page is refused", 403)
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return refusal("a request from another page is refused", 403)
        given = request.cookies.get(self.cookie, "")
        if request.url.path == "/" and not change:
            given = request.query_params.get("token", given)
            if given in self.tickets:
                self.tickets.remove(given)
                given = self.token
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            return refusal("the token is missing: open the address that the command printed", 403)
        if change:
            said = request.headers.get(HEADER, "")
            if origin is None or not secrets.compare_digest(said.encode(), self.token.encode()):
                return refusal("a change must come from the page itself", 403)
        return None


def refusal(why: str, status: int) -> Response:
    """Return an answer that says why nothing was done."""
    return JSONResponse({"error": why}, status_code=status)
