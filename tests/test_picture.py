"""A finding's picture: the right page, the right place, framed and cropped."""

from __future__ import annotations

import pytest

from pipelines.errors import UnreadableDocument
from pipelines.picture import draw_boxes
from pipelines.records import Box, Finding, Polarity
from tests.test_pdf import TEXT, lines, read, sheet


def made(tmp_path, boxes):
    path = tmp_path / "made.pdf"
    path.write_bytes(sheet(lambda p, n: lines(p, TEXT), pages=2))
    return Finding("x/001", "x", 1, Polarity.STRENGTH, "text", path=str(path), boxes=boxes)


def test_picture_shows_the_box_and_little_else(tmp_path):
    box = read(sheet(lambda p, n: lines(p, TEXT))).blocks[0].boxes[0]
    image = made(tmp_path, (box,)).picture()
    scale = 110 / 72
    assert image.width == pytest.approx((box.x1 - box.x0 + 48) * scale, abs=3)
    assert image.height == pytest.approx((box.bottom - box.top + 48) * scale, abs=3)
    assert sum(image.convert("L").histogram()[:90]) > 300  # letters and frame are in it
    assert (29, 90, 138) in {colour for _, colour in image.getcolors(1 << 20)}


def test_parts_on_two_pages_stand_under_each_other(tmp_path):
    boxes = (Box(1, 72, 60, 300, 90), Box(2, 72, 60, 300, 90))
    one = made(tmp_path, boxes[:1]).picture()
    two = made(tmp_path, boxes).picture()
    assert two.height == 2 * one.height


def test_without_a_place_or_a_file_it_says_so(tmp_path):
    with pytest.raises(UnreadableDocument, match="no place on a page"):
        made(tmp_path, ()).picture()
    with pytest.raises(UnreadableDocument, match="not there any more"):
        draw_boxes(tmp_path / "gone.pdf", boxes=(Box(1, 0, 0, 1, 1),))
    with pytest.raises(UnreadableDocument, match="no page 9"):
        made(tmp_path, (Box(9, 0, 0, 1, 1),)).picture()
