"""The passes that turn the pages of a PDF into blocks, in the order in which they act.

`extract` reads spans and shapes from the file, page by page. The passes below then act on a batch
of pages that follow each other: a gutter, a frame or a margin is learnt from all of them. Each
names what it reads, what it sets, and when it does nothing; its folder says what kind of thing it
does. `findings read FILE --trace` lists what each of them changed on which page.

To add a pass, write a function in the folder whose name fits, and give it its place here. Folders
import downwards only: blocks, columns, tables, regions, lines, clean, extract, model.
"""

from __future__ import annotations

from typing import Final

from pipelines.read.pdf.batch import Batch, Pass, each, each_raw, learning
from pipelines.read.pdf.clean.accents import set_accents
from pipelines.read.pdf.clean.drawn import join_dots, set_drawn_bullets
from pipelines.read.pdf.clean.furniture import drop_furniture
from pipelines.read.pdf.clean.overlays import drop_line_numbers, drop_watermarks
from pipelines.read.pdf.clean.weights import weigh_faces
from pipelines.read.pdf.columns.abreast import set_abreast
from pipelines.read.pdf.columns.bands import cut_into_bands
from pipelines.read.pdf.columns.gutters import find_gutters
from pipelines.read.pdf.columns.margins import set_edges, tell_sides
from pipelines.read.pdf.columns.runs import begin_runs, place_things, set_runs, take_out_tables
from pipelines.read.pdf.columns.sideheads import lift_side_heads
from pipelines.read.pdf.extract.recognised import find_spots
from pipelines.read.pdf.lines import learn, notes
from pipelines.read.pdf.lines.markers import mark_entries
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.page import text_size
from pipelines.read.pdf.regions import connected
from pipelines.read.pdf.regions.filling import fill_regions, set_aside
from pipelines.read.pdf.regions.grounds import find_fixtures
from pipelines.read.pdf.regions.marked import free_marked
from pipelines.read.pdf.tables.kinds import settle_regions
from pipelines.read.pdf.tables.merged import part_prose
from pipelines.read.pdf.tables.stripes import join_stripes, take_plain_rows


def _find_spots(batch: Batch) -> None:
    if pages := [page for page in batch.raw if page.recognised and not page.turned]:
        find_spots(pages, batch.whole.file)


def _mend_glyphs(batch: Batch) -> None:
    if batch.whole.glyphs is not None:
        batch.whole.glyphs.mend(batch.raw)


def _learn_fixtures(batch: Batch) -> None:
    batch.fixtures = find_fixtures(batch.raw)
    batch.body = text_size(batch.raw)
    batch.pages = [LaidPage(page) for page in batch.raw]


def _part_touching(batch: Batch) -> None:
    if not any(connected.partings(r, page.raw) for page in batch.pages for r in page.regions):
        return
    find_gutters(batch.pages)
    found = {i: x for i, p in enumerate(batch.pages) if (x := connected.find_parting(p))}
    pages = [LaidPage(batch.pages[i].raw, parting=x) for i, x in found.items()]
    again = Batch(batch.whole, batch.raw, pages, batch.fixtures)
    for step in REGIONS:
        step.run(again)
    for index, page in zip(found, again.pages, strict=True):
        batch.pages[index] = page


def _compose(batch: Batch) -> None:
    composer = batch.whole.composer
    composer.note_pages(batch.raw)
    composer.add(batch.whole.feeder.finished(), batch.habits)


# One pass, one entry: kept from the formatter, which would make nine lines of each.
# fmt: off
REGIONS: Final = (
    Pass("loose rules", "regions", each(connected.sort_shapes, "fixtures"),
         reads="shapes, fixtures",
         sets="shapes that may enclose text; rules that stand alone",
         idle="where nothing is drawn"),
    Pass("connected shapes", "regions", each(connected.connect_shapes),
         reads="shapes that touch each other",
         sets="a region for each group that encloses something; the others are rules",
         idle="where no shape encloses anything"),
    Pass("open sides", "regions", each(connected.join_open_sides),
         reads="long upright rules side by side",
         sets="a region between them: its top and bottom are on other pages",
         idle="where every frame is closed"),
    Pass("barred text", "regions", each(connected.box_barred_text, "fixtures"),
         reads="an upright bar with text set in beside it",
         sets="a region of that text",
         idle="where no bar stands where text begins"),
    Pass("level rules", "regions", each(connected.join_level_rules),
         reads="three level rules of one length or more above each other",
         sets="a region of what stands between them",
         idle="where tables have upright rules, or none"),
    Pass("outermost", "regions", each(connected.keep_outermost),
         reads="regions inside of others",
         sets="regions: the outer ones, top to bottom",
         idle="where none lies in another"),
    Pass("turned text", "regions", each(set_aside),
         reads="spans that run in another direction",
         sets="lines aside",
         idle="where all text runs one way"),
    Pass("filling", "regions", each(fill_regions),
         reads="spans and regions",
         sets="the spans of each region; free spans",
         idle="never"),
    Pass("marked text", "regions", each(free_marked),
         reads="regions, and the rows over and under them",
         sets="free spans: those of regions that but mark them",
         idle="where rows in regions are set apart"),
    Pass("stripes", "tables", each(join_stripes),
         reads="fills of one width above each other, with cells",
         sets="one region of them, with the rows between",
         idle="where no region is made of fills alone"),
    Pass("plain rows", "tables", each(take_plain_rows),
         reads="rows over and under stripes that keep to their cells",
         sets="those rows, given to the region",
         idle="where every row is a stripe, or between two"),
    Pass("prose", "tables", each(part_prose),
         reads="running text over all cells of a frame",
         sets="regions of their own for it",
         idle="where every row of a frame has cells"),
)
"""The passes that find the regions of a page; where boxes touch, they act once more."""

BLOCKS: Final = Pass(
    "blocks", "blocks", _compose,
    reads="parts that are finished",
    sets="blocks, and the text that they stand in",
    idle="where no part is finished")

PASSES: Final = (
    Pass("OCR spots", "clean", _find_spots,
         reads="the picture of each page",
         sets="shapes: spots that may be bullets",
         idle="where the text was not recognised by OCR"),
    Pass("nameless glyphs", "clean", _mend_glyphs,
         reads="spans, and the words of the document",
         sets="letters of glyphs that the file's tables leave without",
         idle="where every glyph has its letters"),
    Pass("weights", "clean", lambda batch: weigh_faces(batch.raw),
         reads="how thick the strokes of faces are whose names say nothing",
         sets="faces: bold or not",
         idle="where names of faces tell"),
    Pass("sheets", "clean", lambda batch: batch.whole.sheets.part(batch.raw),
         reads="where spans stand on each page; what may be the numbers of several pages",
         sets="a page for each part of a sheet that holds several",
         idle="where pages have one number each, and are upright or have text over their middle"),
    Pass("dotted rules", "clean", each_raw(join_dots),
         reads="dots close to each other, level or above each other",
         sets="shapes: a rule in their place",
         idle="where rules are drawn whole"),
    Pass("drawn bullets", "clean", each_raw(set_drawn_bullets),
         reads="small shapes left of a line",
         sets="a span with a bullet for each",
         idle="where bullets are written"),
    Pass("accents", "clean", each_raw(set_accents),
         reads="spans that are but an accent",
         sets="the letter that each stands over",
         idle="where accents are written with their letters"),
    Pass("watermarks", "clean", lambda batch: drop_watermarks(batch.raw),
         reads="spans at one place of many pages, large or on other text",
         sets="spans: without them",
         idle="on fewer than three pages"),
    Pass("line numbers", "clean", lambda batch: drop_line_numbers(batch.raw),
         reads="numbers at an edge of the text that count its rows",
         sets="spans: without them",
         idle="where hardly a row has a number"),
    Pass("running heads", "clean", lambda batch: drop_furniture(batch.raw),
         reads="what stands at one height at the edges of many pages",
         sets="spans: without running heads, running feet and page numbers",
         idle="on a single page"),
    Pass("fixtures", "clean", _learn_fixtures,
         reads="shapes of all pages",
         sets="frames and rules that belong to the pages; the size of the text",
         idle="never"),
    *REGIONS,
    Pass("touching boxes", "regions", _part_touching,
         reads="places near a gutter that nothing drawn crosses",
         sets="regions, found anew on either side of them",
         idle="where no box is as wide as both columns"),
    Pass("kinds", "tables", lambda batch: settle_regions(batch.pages, batch.figures),
         reads="regions: their cells, their rows, what is around them",
         sets="tables and boxes; headings on bars back among the free spans",
         idle="where no region holds text"),
    Pass("side heads", "columns", lambda batch: lift_side_heads(batch.pages, batch.body),
         reads="free spans left of the edge that the text keeps to",
         sets="headings: set above the lines that they stand beside",
         idle="where fewer than three stand there"),
    Pass("gutters", "columns", lambda batch: find_gutters(batch.pages),
         reads="free spans; rows of regions",
         sets="the gutter of each page",
         idle="where text runs over the whole width"),
    Pass("bands", "columns", lambda batch: cut_into_bands(batch.pages, batch.body),
         reads="free spans and gutters",
         sets="bands of one column or two, in reading order",
         idle="never"),
    Pass("lists abreast", "columns", lambda batch: set_abreast(batch.pages, batch.body),
         reads="two headings on one line, again and again",
         sets="bands anew, and which of them are lists abreast",
         idle="where no two headings recur side by side"),
    Pass("places", "columns", each(place_things),
         reads="tables, boxes and bands",
         sets="where each stands in reading order",
         idle="where nothing is drawn, or there is one column"),
    Pass("runs", "columns", each(begin_runs),
         reads="bands",
         sets="a run of rows for each column",
         idle="where there is no free text"),
    Pass("sides", "columns", lambda batch: tell_sides(batch.pages),
         reads="where the lines of each page start",
         sets="left pages and right pages",
         idle="where all pages have the same margins"),
    Pass("column edges", "columns", lambda batch: set_edges(batch.pages),
         reads="runs and sides",
         sets="where the text of each column begins and ends",
         idle="never"),
    Pass("tables without rules", "columns",
         lambda batch: take_out_tables(batch.pages, batch.figures),
         reads="rows whose cells stand under each other",
         sets="tables; rows: without them",
         idle="where no rows have cells"),
    Pass("lines", "columns", each(set_runs),
         reads="rows",
         sets="lines: words, spaces, what is bold, calls of notes, what may mark an item",
         idle="never"),
    Pass("text size", "lines", lambda batch: learn.learn_size(batch.pages, batch.habits),
         reads="lines",
         sets="the size of the text",
         idle="never"),
    Pass("footnotes", "lines", each(notes.take_notes, "habits"),
         reads="small lines, and short rules at the foot of a column",
         sets="notes; lines: without them",
         idle="where no small lines stand there"),
    Pass("stray calls", "lines", each(notes.drop_stray_calls, "habits"),
         reads="small lines that are but the call of a note",
         sets="lines: without them",
         idle="where calls stand behind their words"),
    Pass("leading", "lines", learning(learn.learn_leading),
         reads="distances of lines",
         sets="the usual one",
         idle="never"),
    Pass("heading steps", "lines", learning(learn.learn_heading_steps),
         reads="distances of lines that are large or bold",
         sets="the least one, by size",
         idle="where no heading has two lines"),
    Pass("line ends", "lines", learning(learn.learn_line_ends),
         reads="where lines end",
         sets="the right edge, by indent",
         idle="where fewer than three lines share an indent"),
    Pass("white between paragraphs", "lines", learning(learn.learn_white),
         reads="distances after last lines that are not full",
         sets="whether white sets paragraphs apart",
         idle="where few paragraphs end before the edge"),
    Pass("lists of names", "lines", each(mark_entries, "habits"),
         reads="lines without white between them",
         sets="which of them begin an entry",
         idle="where fewer than half begin with a name"),
    Pass("bullets", "lines", learning(learn.learn_bullets),
         reads="what may mark an item, and the lines around it",
         sets="which glyphs are bullets here, and where their text goes on",
         idle="where no line starts with such a glyph"),
    Pass("divided words", "lines", learning(learn.learn_words),
         reads="hyphens at the ends of lines",
         sets="whether words are divided here, and which words there are",
         idle="where hardly a line ends with a hyphen"),
    Pass("parts", "blocks", lambda batch: batch.whole.feeder.take(batch.pages, batch.habits),
         reads="lines, tables, boxes and notes in reading order",
         sets="parts: headings, paragraphs, items, whole over the ends of pages",
         idle="never"),
    BLOCKS,
)
"""All passes, in the order in which they act."""

CLOSING: Final = (
    Pass("last parts", "blocks", lambda batch: batch.whole.feeder.finish(),
         reads="lists abreast and parts that are still open",
         sets="parts: none is open",
         idle="where there is no page"),
    BLOCKS,
    Pass("heading levels", "blocks", lambda batch: batch.whole.composer.rank_headings(),
         reads="size and weight of all headings",
         sets="their levels",
         idle="where there is no heading"),
    Pass("contents", "blocks", lambda batch: batch.whole.composer.mark_contents(),
         reads="tables, and the headings of the document",
         sets="tables that list headings with their pages: contents",
         idle="where no table does so"),
    Pass("tags", "blocks", lambda batch: batch.whole.composer.hear_tags(),
         reads="what the file's tags call the text of blocks",
         sets="headings and their levels",
         idle="where there are no tags, or they do not agree with the page"),
)
"""The passes that act once, after the last batch."""
# fmt: on
