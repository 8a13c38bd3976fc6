"""Labelled findings: read them from files, check them, find the texts of stand-off labels."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.records import digest


@dataclass(frozen=True, slots=True)
class Label:
    """A finding with the themes that a person gave it.

    Attributes:
        text: The finding's text.
        themes: Slugs of the codebook.
        document: Id of the document it stands in; empty for a finding written for training.
        source: File and row it comes from.
        ordinal: Place in its document, from 1; 0 where unknown.
    """

    text: str
    themes: tuple[str, ...]
    document: str = ""
    source: str = ""
    ordinal: int = 0

    @property
    def real(self) -> bool:
        """Whether it is from a published report."""
        return bool(self.document)

    @property
    def digest(self) -> str:
        """The text's name, whatever its spacing."""
        return digest(self.text)
