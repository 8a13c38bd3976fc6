"""A polite client: named, slow, one request at a time, only to listed hosts."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from pipelines.errors import MissingExtra, UnreadableDocument
from pipelines.fetch.addresses import check_web, host_of, joined, without_secrets
from pipelines.fetch.answers import Answer, Busy, LeaveAlone, Redirect, receive, refusal
from pipelines.fetch.parts import Part
from pipelines.fetch.robots import LARGEST, Robots, rules_of
from pipelines.fetch.settings import FetchSettings

if TYPE_CHECKING:
    from tenacity import RetryCallState

logger = logging.getLogger(__name__)

_REDIRECTS: Final = 5
_LATER: Final = "run the same command again later: what has come is kept"


@dataclass(frozen=True, slots=True)
class Known:
    """What a server said about a document when it was fetched, to ask whether it has changed."""

    etag: str = ""
    last_modified: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the document only if it has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


class Client:
    """Asks servers for documents; a context manager.

    Raises:
        MissingExtra: The HTTP library is not installed.
    """

    def __init__(self, settings: FetchSettings, hosts: Iterable[str]) -> None:
        try:
            import httpx2
            import protego  # noqa: F401 - looked for here, so that nobody waits to hear of it
            import tenacity
        except ImportError as error:
            raise MissingExtra("Fetching reports", "fetch") from error
        self._settings = settings
        self._hosts = frozenset(hosts) | settings.hosts
        self._robots: dict[str, Robots] = {}
        self._last = float("-inf")
        self._http = httpx2.Client(
            headers={
                "User-Agent": settings.user_agent,
                "Accept": "application/pdf,text/html;q=0.9,*/*;q=0.1",
                # A packed answer cannot be gone on with where it broke off.
                "Accept-Encoding": "identity",
            },
            timeout=settings.timeout,
            follow_redirects=False,  # each step is checked against the hosts and robots.txt
        )
        self._errors = httpx2
        self._retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(settings.attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(Busy),
            reraise=True,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, address: str, part: Part, *, known: Known | None = None) -> Answer:
        """Ask for a document, through redirects, until it has come whole.

        Args:
            address: Of the web, on a host of the list.
            part: Where it is put; what came of it before is gone on with.
            known: From when it was fetched before; where it has not changed, nothing comes.

        Raises:
            UnreadableDocument: It cannot be had: the reason, and what to do.
        """
        check_web(address)
        for _ in range(_REDIRECTS + 1):
            self._check(address)
            answer = self._patiently(address, part, known)
            if isinstance(answer, Answer):
                return answer
            target = joined(address, answer.target)
            if address.startswith("https:") and target.startswith("http:"):
                raise UnreadableDocument(
                    f"{without_secrets(address)} redirects from https to http, which is not "
                    "followed: anybody on the way could change the document",
                    remedy="look at the page in a browser",
                )
            address = target
        raise UnreadableDocument(
            f"more than {_REDIRECTS} redirects, the last to {without_secrets(address)}",
            remedy="look at the page in a browser and give the report's own address in a manifest",
        )

    def _check(self, address: str) -> None:
        host = host_of(address)
        if host not in self._hosts:
            raise UnreadableDocument(
                f"leads to the host {host}, which is not on the list "
                f"({', '.join(sorted(self._hosts))})",
                remedy=f"where you trust it, give --host {host}",
            )
        origin = urljoin(address, "/")
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        if reason := self._robots[origin].forbids(address):
            raise UnreadableDocument(
                f"{reason}: {without_secrets(address)} is not asked for",
                remedy="fetch it with a browser and put it into the folder yourself",
            )

    def _read_robots(self, origin: str) -> Robots:
        address = urljoin(origin, "/robots.txt")
        try:
            for _ in range(_REDIRECTS + 1):
                status, target, body = self._retrying(self._robots_once, address)
                if not target:
                    return rules_of(status, body)
                address = joined(address, target)
                if host_of(address) not in self._hosts:
                    break
        except Busy as busy:
            return Robots(refused=f"robots.txt of the site cannot be read: {busy.reason}")
        except UnreadableDocument as error:
            return Robots(refused=f"robots.txt of the site cannot be read: {error.reason}")
        return Robots(refused="robots.txt of the site redirects to where nobody may follow")

    def _robots_once(self, address: str) -> tuple[int, str, bytes]:
        self._pace(0.0)
        try:
            with self._http.stream("GET", address) as response:
                if response.has_redirect_location:
                    return response.status_code, response.headers["location"], b""
                if response.status_code == 429 or response.status_code >= 500:
                    raise refusal(response, self._settings.patience)
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST:
                        break
                return response.status_code, "", bytes(body)
        except (self._errors.HTTPError, self._errors.InvalidURL) as error:
            raise self._said(error) from error
        finally:
            self._last = time.monotonic()

    def _patiently(self, address: str, part: Part, known: Known | None) -> Answer | Redirect:
        try:
            return self._retrying(self._once, address, part, known)
        except LeaveAlone as error:
            self._robots[urljoin(address, "/")] = Robots(refused=error.reason)
            raise
        except Busy as busy:
            raise UnreadableDocument(
                f"{without_secrets(address)}: {busy.reason} ({self._settings.attempts} attempts)",
                remedy=_LATER,
            ) from busy

    def _once(self, address: str, part: Part, known: Known | None) -> Answer | Redirect:
        self._pace(self._robots[urljoin(address, "/")].delay)
        shown = without_secrets(address)
        headers = part.going_on(shown) or (known.conditions if known else {})
        logger.info("asking for %s", shown)
        try:
            with self._http.stream("GET", address, headers=headers) as response:
                return receive(response, part, address, self._settings)
        except (self._errors.HTTPError, self._errors.InvalidURL) as error:
            raise self._said(error) from error
        finally:
            self._last = time.monotonic()

    def _pace(self, wanted: float) -> None:
        rest = self._last + max(self._settings.delay, wanted) - time.monotonic()
        if rest > 0:
            time.sleep(rest)

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Busy) else None
        own: float = self._settings.backoff * 2 ** (state.attempt_number - 1)
        wait = own if asked is None else asked
        logger.info("%s; again in %.1f seconds", error, wait)
        return wait

    def _said(self, error: Exception) -> Exception:
        """Say an error of the library in our words: its own may hold the address, password and all.

        Where waiting may help it is one to try again after.
        """
        known = self._errors
        if isinstance(error, known.TimeoutException):
            return Busy(f"nothing came for {self._settings.timeout:g} seconds")
        if isinstance(error, known.ConnectError):
            if bad := _certificate(error):
                return UnreadableDocument(
                    f"the server's certificate is not accepted: {bad}",
                    remedy="check the address and the clock of this machine; nothing is fetched "
                    "from a server that cannot show who it is",
                )
            return Busy("the server cannot be reached")
        if isinstance(error, (known.InvalidURL, known.UnsupportedProtocol)):
            return UnreadableDocument(
                "the address is not one of the web", remedy="correct it in the manifest"
            )
        if isinstance(error, known.DecodingError):
            return UnreadableDocument(
                "the answer is packed in a way that cannot be read",
                remedy="fetch it with a browser and put it into the folder yourself",
            )
        return Busy("the connection broke off")


def _certificate(error: BaseException) -> str:
    """Return what is wrong with a certificate where that is behind an error."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return inner.verify_message or "not verified"
        if isinstance(inner, ssl.SSLError):
            return inner.reason or "no secure connection"
        inner = inner.__cause__ or inner.__context__
    return ""
