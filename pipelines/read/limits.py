"""How much a reader takes on before it refuses: the guard against hostile or mistaken input."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from pipelines.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one document; beyond any of them it is refused with the limit named.

    Attributes:
        max_bytes: Size of the file.
        max_pages: Pages of a PDF.
        max_characters: Characters of text, after decoding.
        max_depth: Nesting of HTML elements or of PDF form objects.
        max_blocks: Headings, paragraphs, bullets, tables.
        seconds: Time spent on reading one document.
    """

    max_bytes: int = 200_000_000
    max_pages: int = 5_000
    max_characters: int = 20_000_000
    max_depth: int = 400
    max_blocks: int = 400_000
    seconds: float = 120.0

    def __post_init__(self) -> None:
        """Refuse a limit that would refuse everything."""
        for item in fields(self):
            value = getattr(self, item.name)
            if not value > 0:
                raise SettingsError(
                    f"limit {item.name}: got {value}, expected a number above 0; raise it"
                )


DEFAULT_LIMITS: Final = Limits()
