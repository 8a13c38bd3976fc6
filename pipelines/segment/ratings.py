"""Ratings: of each standard, from the ratings page and from the standard's own section."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.records import Block, Rating, StandardRating
from pipelines.segment.entry import Entry
from pipelines.segment.headings import (
    Landmark,
    LandmarkKind,
    parse_standard,
    rated_together,
    read_rating,
    split_rating,
    trailing_rating,
)
from pipelines.segment.standards import Place, Resolver


class Ratings:
    """What is printed about the standards of a report, gathered while walking its outline."""

    def __init__(self, entries: Sequence[Entry], resolver: Resolver) -> None:
        self._resolver = resolver
        self._page: dict[Place, Rating] = {}
        self._section: dict[Place, Rating] = {}
        self._seen: dict[Place, None] = {}
        for entry in entries:
            if entry.section in {"end", "contents", "recommendations"}:
                continue
            self._read(entry)

    def table(self) -> tuple[StandardRating, ...]:
        """Return one row per standard, in the order of the report; its ratings page prevails."""
        rows = [
            StandardRating(p.code, p.standard or "", self._page.get(p) or self._section.get(p))
            for p in self._seen
        ]
        return tuple(rows)

    def disagreements(self) -> tuple[str, ...]:
        """Return a sentence for each standard that its section rates otherwise."""
        return tuple(
            f"{place.code or ''} {place.standard}: the ratings page says {page.value}, "
            f"its section says {section.value}; the page is used".strip()
            for place, page in self._page.items()
            if (section := self._section.get(place)) is not None and section is not page
        )

    def _read(self, entry: Entry) -> None:
        block, landmark = entry.block, entry.landmark
        if rows := block.rows or [(row,) for row in rated_together(block.text)]:
            self._read_rows(rows)
            return
        place = Place(entry.place.code, entry.place.standard)
        if landmark is not None and landmark.kind is LandmarkKind.STANDARD:
            self._seen.setdefault(place)
        if place not in self._seen or entry.place.subsection or entry.run:
            return
        rating = self._printed(block, landmark)
        if rating is not None:
            held = self._page if entry.section == "ratings" else self._section
            held.setdefault(place, rating)

    def _printed(self, block: Block, landmark: Landmark | None) -> Rating | None:
        if landmark is None or landmark.kind is LandmarkKind.HEADING:
            return trailing_rating(block)
        return (
            landmark.rating
            if landmark.kind in {LandmarkKind.RATING, LandmarkKind.STANDARD}
            else None
        )

    def _read_rows(self, rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            cells = [" ".join(cell.split()) for cell in row if cell.strip()]
            if not cells:
                continue
            rating = read_rating(cells[-1])
            name = " ".join(cells[:-1]) if rating else cells[0]
            if rating is None:
                name, rating = split_rating(name)
            place = self._place_of(name)
            if place is not None and (rating is not None or place in self._seen):
                self._seen.setdefault(place)
                if rating is not None:
                    self._page.setdefault(place, rating)

    def _place_of(self, name: str) -> Place | None:
        title, code, prefix = parse_standard(name)
        known = self._resolver.title(title)
        if known is None and code is None:
            return None
        landmark = Landmark(LandmarkKind.STANDARD, known or title, code=code, prefix=prefix)
        return self._resolver.place(landmark)
