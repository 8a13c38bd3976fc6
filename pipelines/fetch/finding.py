"""From the address of an inspection to its report: the pages in between are followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.errors import UnreadableDocument
from pipelines.fetch.addresses import without_secrets
from pipelines.fetch.answers import Answer
from pipelines.fetch.client import Client, Known
from pipelines.fetch.folder import FetchFolder
from pipelines.fetch.pages import Page, PageKind, names_unit, read_page, report_links
from pipelines.fetch.parts import Part
from pipelines.fetch.record import Record
from pipelines.manifest import Published
from pipelines.read.sniff import sniff_format

_HOPS: Final = 3
_TAIL: Final = 65_536  # bytes at a PDF's end within which its end mark stands
_BY_HAND: Final = (
    "look at the page in a browser; give the report's own address in a manifest, or put the file "
    "into the folder yourself"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A report that was found.

    Attributes:
        asked: Where it was asked for, without secrets.
        unchanged: The server says that it is the edition that we have.
        part: Its bytes; None where they were not asked for, or it is unchanged.
        kind: `pdf` or `html`.
        words: Digest of the text of a page.
    """

    asked: str
    unchanged: bool = False
    part: Part | None = None
    address: str = ""
    kind: str = ""
    words: str = ""
    etag: str = ""
    last_modified: str = ""
    corrected: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds reports: with a client, for a folder, knowing which units there are."""

    client: Client
    folder: FetchFolder
    units: Sequence[str]

    def find(self, entry: Published, *, record: Record | None = None, take: bool = True) -> Found:
        """Find the report of an inspection.

        Args:
            entry: Of the manifest, with an address.
            record: Of the edition that we have, to be told whether it has changed.
            take: Whether the bytes of a PDF are wanted; pages on the way always are.

        Raises:
            UnreadableDocument: It cannot be had.
        """
        address, corrected = entry.address, False
        seen: set[str] = set()
        for hop in range(_HOPS + 1):
            asked = without_secrets(address)
            if not take and asked.lower().partition("?")[0].endswith(".pdf"):
                return Found(asked, kind="pdf")
            seen.add(asked)
            part = self.folder.part(f"{entry.id}.{hop}")
            known = Known(record.etag, record.last_modified) if record else None
            same = record is not None and record.asked == asked
            answer = self.client.get(address, part, known=known if same else None)
            if answer.unchanged:
                return Found(asked, unchanged=True)
            data = part.path.read_bytes()
            try:
                kind = _kind(data, asked)
                if kind == "pdf":
                    return _pdf(data, answer, part, asked, corrected=corrected)
                page = read_page(data, answer.address)
                if page.kind is PageKind.LOGIN:
                    raise UnreadableDocument(
                        f"{asked}: a login page came instead of the report", remedy=_BY_HAND
                    )
                if page.kind is PageKind.REPORT:
                    return _html(page, data, answer, part, asked, entry)
                _whole_page(data, answer, asked)
            except UnreadableDocument:
                part.drop()
                raise
            part.drop()
            link = self._next(page, entry, asked)
            address, corrected = link, corrected or page.corrected
            if without_secrets(address) in seen:
                break
        raise UnreadableDocument(
            f"{without_secrets(entry.address)}: leads from page to page and to no report",
            remedy=_BY_HAND,
        )

    def _next(self, page: Page, entry: Published, asked: str) -> str:
        unit = "" if entry.unit_type == "national" else entry.unit
        links = report_links(page, unit, self.units)
        if not links:
            raise UnreadableDocument(
                f"{asked}: no report, and no link to one on {entry.unit}", remedy=_BY_HAND
            )
        if len(links) > 1:
            listed = ", ".join(without_secrets(link.address) for link in links)
            raise UnreadableDocument(
                f"{asked}: {len(links)} links may lead to the report on {entry.unit}: {listed}",
                remedy="give the right one in a manifest",
            )
        return links[0].address


def _kind(data: bytes, asked: str) -> str:
    try:
        kind = sniff_format(data)
    except UnreadableDocument as error:
        raise UnreadableDocument(
            f"{asked}: expected a PDF or a page, but {error.reason}", remedy=_BY_HAND
        ) from error
    if kind == "docx":
        raise UnreadableDocument(
            f"{asked}: expected a PDF or a page, but the file is a Word document (.docx)",
            remedy="get it with a browser and put it into the folder yourself: it is read there",
        )
    if kind == "text":
        raise UnreadableDocument(
            f"{asked}: expected a PDF or a page, but the file is plain text", remedy=_BY_HAND
        )
    return kind


def _pdf(data: bytes, answer: Answer, part: Part, asked: str, *, corrected: bool) -> Found:
    ended = b"%%EOF" in data[-_TAIL:]
    if not ended and not answer.measured:
        raise UnreadableDocument(
            f"{asked}: the PDF is cut short, and the server does not say how long it is",
            remedy="run the same command again",
        )
    return Found(
        asked,
        part=part,
        address=without_secrets(answer.address),
        kind="pdf",
        etag=answer.etag,
        last_modified=answer.last_modified,
        corrected=corrected,
        remark="" if ended else "the PDF has no end mark: it may be damaged",
    )


def _whole_page(data: bytes, answer: Answer, asked: str) -> None:
    if not answer.measured and b"</html" not in data[-_TAIL:].lower():
        raise UnreadableDocument(
            f"{asked}: the page is cut short, and the server does not say how long it is",
            remedy="run the same command again",
        )


def _html(
    page: Page, data: bytes, answer: Answer, part: Part, asked: str, entry: Published
) -> Found:
    _whole_page(data, answer, asked)
    said = f"{page.title} {page.opening}"
    if entry.unit_type != "national" and not names_unit(said, entry.unit):
        raise UnreadableDocument(
            f"{asked}: a report, but its title does not name {entry.unit}: {page.title[:120]!r}",
            remedy="give the right address in a manifest",
        )
    return Found(
        asked,
        part=part,
        address=without_secrets(answer.address),
        kind="html",
        words=page.words,
        etag=answer.etag,
        last_modified=answer.last_modified,
        corrected=page.corrected,
    )
