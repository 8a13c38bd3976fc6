"""Names of themes and groups stand in tables, addresses and terminals."""

from importlib.resources import files

import pytest

from pipelines.changes import make_project
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.project import leave_project, open_project
from pipelines.report import ReportSettings, write_report
from pipelines.tag.labels.files import read_rows
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.labels.slugs import heads_that_are_themes, read_themes
from synthetic import make_tables


@pytest.mark.parametrize("sign", ["\\u2028", "\\n", "\\u001b[31m", "\\u202e"])
def test_a_name_that_breaks_its_line_is_refused(tmp_path, sign):
    text = (files("pipelines") / "data" / "codebook.toml").read_text(encoding="utf-8")
    before, name, after = text.partition('name = "')
    path = tmp_path / "book.toml"
    path.write_text(f"{before}{name}{sign}{after}", encoding="utf-8")
    with pytest.raises(SettingsError, match="expected one line without control characters"):
        load_codebook(path)


BOOK = """[[groups]]
slug = "all"
name = "All"

[[themes]]
slug = "rooms"
group = "all"
name = "Rooms and travel"
claim = "rooms"

[[themes]]
slug = "{slug}"
group = "all"
name = "{name}"
claim = "people"
"""


@pytest.mark.parametrize(
    ("slug", "name", "said"),
    [
        ("staff", "rooms & travel", "is a name or slug of 'rooms' too"),
        ("staff", "ROOMS", "is a name or slug of 'rooms' too"),
        ("rooms-and-travel", "Staff", "is a name or slug of 'rooms' too"),
        ("none", "Nothing else", "is what labels say for none"),
        ("staff", "N/A", "is what labels say for none"),
        ("staff", "Staff; rooms", "is read as several names or slugs"),
        ("staff", "Staff # Staff", "is read as several names or slugs"),
        ("staff", "Rooms and travel / staff", "is read as several names or slugs"),
        ("staff", "Staff/strengths", "ends in a stroke and a pole"),
    ],
)
def test_a_name_that_no_label_could_say_is_refused(tmp_path, slug, name, said):
    path = tmp_path / "book.toml"
    path.write_text(BOOK.format(slug=slug, name=name), encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"book\.toml: {slug}: .* {said}"):
        load_codebook(path)


@pytest.mark.parametrize("name", ["Staff, pay and work", "Pay/work", "24/7 cover", "Cover"])
def test_names_with_commas_and_strokes_and_those_of_their_own_slug_are_read(tmp_path, name):
    path = tmp_path / "book.toml"
    path.write_text(BOOK.format(slug="cover", name=name), encoding="utf-8")
    assert load_codebook(path).theme("cover").name == name


@pytest.mark.parametrize(
    "name",
    ["Staff; pay", "Key #1", "Staff / pay", "Drugs + alcohol", "1. Staff", "Rooms, halls / cars"],
)
def test_a_name_with_signs_that_part_names_is_read_alone_and_among_others(tmp_path, name):
    make_project(tmp_path / "own", own=True)
    (tmp_path / "own" / "codebook.toml").write_text(BOOK.format(slug="own-slug", name=name))
    open_project(tmp_path / "own")
    try:
        assert read_themes(name) == read_themes([name.upper()]) == ("own-slug",)
        assert read_themes([name, "rooms"]) == ("rooms", "own-slug")
        assert read_themes("own-slug; rooms") == ("rooms", "own-slug")
        assert heads_that_are_themes(["text", name]) == {1: "own-slug"}
        for said in (f"{name}; rooms", f"rooms, {name}", f"2) Rooms and travel; {name}; {name}"):
            assert read_themes(said) == ("rooms", "own-slug")
        assert isinstance(read_themes(f"{name}; halls"), str)
    finally:
        leave_project()


def test_themes_with_signs_that_part_names_come_back_from_our_own_workbook(tmp_path):
    """A sheet "Staff / pay; Rooms and travel" was refused row by row."""
    make_project(tmp_path / "own")
    entry = '[[themes]]\nslug = "{slug}"\nname = "{name}"\n'
    names = {"staffing-and-workload": "Staff / pay", "unpaid-work": "Work; hours"}
    book = "\n".join(entry.format(slug=slug, name=name) for slug, name in names.items())
    (tmp_path / "own" / "codebook.toml").write_text(book)
    open_project(tmp_path / "own")
    try:
        tables = make_tables(2, each=4)
        (path,) = write_report(tables, tmp_path / "r", settings=ReportSettings(formats=("xlsx",)))
        found = check_labels(read_rows(path))
        assert not found.problems
        given = tables["tags"][tables["tags"]["assigned"]].groupby("finding_id")["theme"].agg(set)
        texts = tables["findings"].set_index("finding_id")["text"]
        said = {label.text: set(label.themes) for label in found.labels}
        assert said == {texts[finding]: themes for finding, themes in given.items()}
        assert all(any(slug in themes for themes in said.values()) for slug in names)
    finally:
        leave_project()
