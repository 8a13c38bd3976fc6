"""Names of themes and groups stand in tables, addresses and terminals."""

from importlib.resources import files

import pytest

from pipelines.changes import make_project
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.project import leave_project, open_project
from pipelines.tag.label_slugs import heads_that_are_themes, read_themes


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


@pytest.mark.parametrize("name", ["Staff; pay", "Key #1", "Staff / pay", "Drugs + alcohol"])
def test_a_name_with_signs_that_part_names_is_read_where_it_stands_alone(tmp_path, name):
    make_project(tmp_path / "own", own=True)
    (tmp_path / "own" / "codebook.toml").write_text(BOOK.format(slug="own-slug", name=name))
    open_project(tmp_path / "own")
    try:
        assert read_themes(name) == read_themes([name.upper()]) == ("own-slug",)
        assert read_themes([name, "rooms"]) == ("rooms", "own-slug")
        assert read_themes("own-slug; rooms") == ("rooms", "own-slug")
        assert heads_that_are_themes(["text", name]) == {1: "own-slug"}
        assert isinstance(read_themes(f"{name}; rooms"), str)
    finally:
        leave_project()
