"""The commands on frameworks and units, and the exit status where a heading severs items."""

from __future__ import annotations

import os
from functools import partial

import pytest

import invented
from forked import called

ITEMS = (
    "<ul><li>Post was opened daily by all of them.</li><li>Ink was kept dry by the clerk.</li></ul>"
)


@pytest.fixture
def call(tmp_path):
    return partial(called, cwd=tmp_path, env={**os.environ, "COLUMNS": "200"})


def test_a_framework_is_drafted_checked_and_listed(tmp_path, call):
    for unit in ("Osk", "Tern", "Wick"):
        page = (
            f"<h1>Joint review of kennels and catteries here in {unit}</h1>"
            f"<h2>What went well</h2>{ITEMS}"
            "<h2>Farewell</h2><p>Write to us.</p>"
        )
        (tmp_path / f"{unit}.html").write_text(f"<html><body>{page}</body></html>")
    answer = call("frameworks", "guess", "Osk.html", "Tern.html", "Wick.html", "-o", "mine.toml")
    assert answer.returncode == 0, answer.stderr
    assert "read: 3 of 3" in answer.stderr
    again = call("frameworks", "guess", "Osk.html", "-o", "mine.toml")
    assert again.returncode == 2
    assert "is there already" in again.stderr
    listed = call("frameworks", "list", "--with", "mine.toml", "--csv")
    assert listed.stdout.splitlines()[1].startswith("joint-review-of-kennels-and-catteries,")
    (tmp_path / "mine.toml").write_text("[[frameworks]]\nslug = 'x'\nsize = 3\n")
    wrong = call("frameworks", "list", "--with", "mine.toml")
    assert wrong.returncode == 2
    assert "mine.toml, line 3" in wrong.stderr


def test_a_draft_of_what_cannot_be_read_says_so(tmp_path, call):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 and no more")
    answer = call("frameworks", "guess", "a.pdf")
    assert answer.returncode == 1
    assert "a.pdf" in answer.stderr
    assert answer.stdout == ""


def test_units_are_listed(tmp_path, call):
    invented.write(tmp_path / "in", range(2), bullets=1)
    assert call("read", "in", "--out", "out").returncode == 0
    answer = call("units", "out", "--csv")
    assert answer.returncode == 0
    assert sorted(line.split(",")[0] for line in answer.stdout.splitlines()[1:]) == sorted(
        invented.invent(number).unit for number in range(2)
    )
    assert "nothing found" in call("units", "out", "--twice").stderr


def test_items_that_a_heading_severs_are_left_over_and_set_the_exit_status(tmp_path, call):
    many = "".join(f"<li>Room {n} was swept by the clerk that week.</li>" for n in range(120))
    page = (
        f"<h1>An inspection of probation services in Osk PDU</h1><h2>Areas for improvement</h2>"
        f"<ul>{many}</ul><h2>Some other matter</h2><ul><li>Ink ran dry in all rooms.</li></ul>"
    )
    (tmp_path / "a.html").write_text(f"<html><body>{page}</body></html>")
    answer = call("read", "a.html")
    assert answer.returncode == 1
    assert "Ink ran dry" in answer.stdout
    assert "1 of them items below a heading" in answer.stderr
