"""What robots.txt allows, by RFC 9309."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from pipelines.fetch.settings import PRODUCT

LARGEST: Final = 512_000  # bytes; RFC 9309 asks for 500 KiB at least
LONGEST_DELAY: Final = 120.0
"""Seconds between requests that are kept to; a site that asks for more is read by hand."""


class _Rules(Protocol):
    def can_fetch(self, url: str, user_agent: str) -> bool: ...
    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host; `refused` says why nothing may be asked of it."""

    rules: _Rules | None = None
    refused: str = ""

    def forbids(self, address: str) -> str:
        """Return why an address may not be asked for; empty where it may."""
        if self.refused:
            return self.refused
        if self.rules is not None and not self.rules.can_fetch(address, PRODUCT):
            return "robots.txt of the site forbids it"
        return ""

    @property
    def delay(self) -> float:
        """Seconds that the site wants between two requests."""
        return float((self.rules and self.rules.crawl_delay(PRODUCT)) or 0.0)


def rules_of(status: int, body: bytes) -> Robots:
    """Read an answer to the request for robots.txt.

    A site without one allows everything; one whose server fails allows nothing for now.
    """
    from protego import Protego

    if 200 <= status < 300:
        robots = Robots(Protego.parse(body[:LARGEST].decode("utf-8", "replace")))
        if robots.delay > LONGEST_DELAY:
            return Robots(
                refused=f"robots.txt asks for {robots.delay:.0f} seconds between requests"
            )
        return robots
    if 400 <= status < 500:
        return Robots()
    return Robots(refused=f"robots.txt of the site cannot be read (status {status})")
