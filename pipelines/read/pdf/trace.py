"""What each pass changed on which page: to see how a page was read, and where it went wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict

from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.batch import Batch, Pass
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.line import Line

_LONGEST = 60  # characters of a text that are shown
_DOCUMENT = 0  # the page under which stands what all pages share

# What is on a page: kinds of thing, each with its text or place.
_Contents = Counter[tuple[str, str]]


def trace_pdf(data: bytes, *, path: str, page: int | None = None) -> Iterator[str]:
    """Describe what each pass changed, a line for each change.

    Args:
        data: The file's bytes.
        path: Names the file in messages.
        page: Describe this page alone, and all that changed on it, not the first of each kind.

    Raises:
        UnreadableDocument: As for `read_pdf`.
    """
    told: list[str] = []
    before: dict[int, _Contents] = {}

    def watch(step: Pass | None, batch: Batch) -> None:
        nonlocal before
        after = _contents(batch)
        if not batch.raw:  # after the last batch nothing but what comes of the pages changes
            before = {number: _results(held) for number, held in before.items()}
        if step is None:
            before = {}
            told.append("extract")
        else:
            told.append(f"{step.name} ({step.folder}): {step.sets}")
        lines = list(_differences(before, after, page))
        told.extend(lines or ["  changes nothing"])
        before = after

    read_pdf(data, path=path, sha256="", watch=watch)
    yield from told


def _results(held: _Contents) -> _Contents:
    return Counter({key: count for key, count in held.items() if key[0] in ("part", "block")})


def _differences(
    before: dict[int, _Contents], after: dict[int, _Contents], page: int | None
) -> Iterator[str]:
    for number in sorted(before.keys() | after.keys()):
        if page is not None and number not in (page, _DOCUMENT):
            continue
        old, new = before.get(number, Counter()), after.get(number, Counter())
        where = f"page {number}" if number else "document"
        for sign, changed in (("-", old - new), ("+", new - old)):
            by_kind: dict[str, list[str]] = defaultdict(list)
            for (kind, text), count in changed.items():
                by_kind[kind] += [text] * count
            for kind, texts in sorted(by_kind.items()):
                shown = texts if page is not None else texts[:1]
                for text in shown:
                    more = f" and {len(texts) - 1} more" if len(shown) < len(texts) else ""
                    yield f"  {where}: {sign} {kind} {_short(text)}{more}"


def _short(text: str) -> str:
    text = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _contents(batch: Batch) -> dict[int, _Contents]:
    """What stands on each page, and what the document has taught."""
    found: dict[int, _Contents] = defaultdict(Counter)
    for raw in batch.raw:
        here = found[raw.number]
        here.update(
            ("span", f"{s.text!r} at {s.x0:.0f}, {s.base:.0f}, size {s.size:.1f}")
            for s in raw.spans
        )
        here.update(("shape", _place(s)) for s in raw.shapes)
    for page in batch.pages:
        found[page.raw.number].update(_laid(page))
    whole = batch.whole
    for part in whole.feeder.parts:
        found[part.page].update([("part", f"{part.kind}: {_text(part.lines) or part.rows}")])
    for block in whole.composer.blocks:
        found[block.page or _DOCUMENT].update([("block", f"{block.kind}: {block.text}")])
    if not batch.raw:
        return found
    shared = found[_DOCUMENT]
    fixtures = batch.fixtures
    shared.update(("fixture", str(place)) for place in (*fixtures.frames, *fixtures.between))
    shared[("text size of spans", f"{batch.body:g}")] += 1
    shared.update(("habit", f"{key} {value}") for key, value in asdict(batch.habits).items())
    return found


def _laid(page: LaidPage) -> Iterator[tuple[str, str]]:
    """What a page that is being taken apart holds."""
    yield from (("open shape", _place(s)) for s in page.shapes)
    yield from (("rule", _place(r)) for r in page.rules)
    for region in page.regions:
        cells = f"{len(region.xs) - 1} by {len(region.ys) - 1}, {len(region.spans)} spans"
        yield "region", f"{_place(region)}, {cells}"
    yield from (("free span", f"{s.text!r} at {s.x0:.0f}, {s.base:.0f}") for s in page.free)
    yield from (("line aside", line.text) for line in page.aside)
    for thing in page.things:
        if isinstance(thing.content, list):
            yield "box", f"{thing.place}: {_text(thing.content)}"
        else:
            yield "table", f"{thing.place}: {thing.content.rows}"
    if page.gutter is not None:
        yield "gutter", f"{page.gutter.x0:.0f} to {page.gutter.x1:.0f}"
    for index, band in enumerate(page.bands):
        lists = page.turns.get(index)
        said = f", {lists.turn} about {lists.gutter.middle:.0f}" if lists else ""
        yield "band", f"{[len(column) for column in band]} spans{said}"
    if page.side:
        yield "side", "facing"
    for run in page.runs:
        for row in run.rows:
            yield "row", " ".join(span.text for span in row)
        for line in run.lines:
            marker = f" [{line.marker.text}]" if line.marker is not None else ""
            yield "line", f"{line.indent:.0f} in{marker}: {line.text}"
    yield from (("note", line.text) for line in page.notes)


def _place(box: object) -> str:
    x0, top, x1, bottom = (getattr(box, name) for name in ("x0", "top", "x1", "bottom"))
    return f"{x0:.0f}, {top:.0f} to {x1:.0f}, {bottom:.0f}"


def _text(lines: list[Line]) -> str:
    return " ".join(line.text for line in lines)
