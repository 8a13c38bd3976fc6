"""How fetching is done, checked when it is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from pipelines.errors import SettingsError
from pipelines.fetch.addresses import check_hosts

PRODUCT: Final = "probation-findings"
"""What robots.txt calls us by."""

_PLAIN: Final = re.compile(r"[ -~]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How a server is asked.

    Attributes:
        delay: Seconds between two requests; a longer one that robots.txt asks for counts.
        timeout: Seconds without a byte after which a server counts as hanging.
        seconds: That one document may take.
        attempts: Times that a request is made where a server is busy or breaks off.
        backoff: Seconds before the second attempt; doubled before each further one.
        patience: Seconds that a server may ask us to wait (Retry-After) before it is left alone.
        max_bytes: Of a document.
        hosts: Asked beside those of the manifest.
        contact: Mail address or page that the user agent names, so that we can be written to.
    """

    delay: float = 2.0
    timeout: float = 30.0
    seconds: float = 600.0
    attempts: int = 4
    backoff: float = 2.0
    patience: float = 300.0
    max_bytes: int = 100_000_000
    hosts: frozenset[str] = field(default_factory=frozenset)
    contact: str = ""

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            SettingsError: One is out of range.
        """
        for name, value, low in (
            ("delay", self.delay, 0),
            ("timeout", self.timeout, 0.1),
            ("seconds", self.seconds, 0.1),
            ("attempts", self.attempts, 1),
            ("backoff", self.backoff, 0),
            ("patience", self.patience, 0),
            ("max-bytes", self.max_bytes, 1_000),
        ):
            if not value >= low:
                raise SettingsError(f"setting {name}: got {value}; expected {low} or more")
        check_hosts(self.hosts)
        if self.contact and not _PLAIN.fullmatch(self.contact):
            raise SettingsError(
                "setting contact: expected a mail address or a page, in plain letters on one line"
            )

    @property
    def user_agent(self) -> str:
        """The name under which servers are asked."""
        try:
            number = version(PRODUCT)
        except PackageNotFoundError:  # run from a checkout that is not installed
            number = "0"
        about = "reads inspection reports, one request at a time"
        return f"{PRODUCT}/{number} ({'; '.join(filter(None, [about, self.contact]))})"
