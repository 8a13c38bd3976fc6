"""The catalogue of issues: what is shipped, and what a file of one's own is refused for."""

import json

import pytest

from pipelines.catalogue import (
    MOST_WORDS,
    Catalogue,
    Subject,
    issue_id,
    load_catalogue,
    parse_catalogue,
)
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.records import Polarity

ENTRY = {
    "slug": '"lifts"',
    "themes": '["premises-and-travel"]',
    "area_for_improvement": '"Lifts out of order"',
    "strength": '"Lifts in good order"',
    "claim": '"whether lifts run"',
}


def toml(*entries, version="7"):
    """Write a catalogue of entries: each is what differs from `ENTRY`, None for a key left out."""
    lines = [f'version = "{version}"']
    for entry in entries:
        lines.append("[[subjects]]")
        lines += [f"{k} = {v}" for k, v in {**ENTRY, **entry}.items() if v is not None]
    return "\n".join(lines) + "\n"


def parsed(*entries) -> Catalogue:
    return parse_catalogue(toml(*entries), "own.toml", load_codebook())


@pytest.mark.parametrize("pole", list(Polarity))
def test_shipped_names_have_eight_words_at_most_and_no_two_are_alike(pole):
    names = [subject.name(pole) for subject in load_catalogue().subjects]
    assert all(1 <= len(name.split()) <= MOST_WORDS for name in names)
    assert [name for name in names if name != name.strip() or name.endswith(".")] == []
    folded = [name.casefold() for name in names]
    assert sorted({name for name in folded if folded.count(name) > 1}) == []


def test_no_shipped_name_stands_for_both_poles():
    for subject in load_catalogue().subjects:
        assert subject.strength.casefold() != subject.area_for_improvement.casefold()


def test_shipped_themes_exist_and_every_theme_has_a_subject():
    known = load_codebook().slugs
    subjects = load_catalogue().subjects
    assert all(theme in known for subject in subjects for theme in subject.themes)
    assert all(len(set(subject.themes)) == len(subject.themes) for subject in subjects)
    assert {subject.theme for subject in subjects} == set(known)


def test_shipped_slugs_are_plain_and_no_theme_has_the_same():
    slugs = load_catalogue().slugs
    assert len(set(slugs)) == len(slugs)
    assert [slug for slug in slugs if not slug.replace("-", "").isalnum()] == []
    assert [slug for slug in slugs if slug != slug.lower()] == []
    assert not any(slug.startswith("new-") for slug in slugs)  # ids of new issues do


def test_a_broader_subject_is_another_one_and_never_leads_back():
    catalogue = load_catalogue()
    for subject in catalogue.subjects:
        seen = {subject.slug}
        while subject.broader:
            subject = catalogue.subject(subject.broader)
            assert subject.slug not in seen
            seen.add(subject.slug)


def test_no_shipped_subject_is_unlabelled():
    """A subject that nothing was labelled with is never given."""
    from pipelines.tag.training.train import shipped_labels

    lines = (x for p in shipped_labels().glob("*.jsonl") for x in p.read_text("utf-8").splitlines())
    seen = {slug for line in lines for slug in json.loads(line).get("issues", ())}
    assert sorted(set(load_catalogue().slugs) - seen) == []


def test_a_file_of_ones_own_is_read(tmp_path):
    path = tmp_path / "own.toml"
    poles = {"area_for_improvement": '"Stairlifts stuck"', "strength": '"Stairlifts run"'}
    more = poles | {"not": '"stairs"', "broader": '"lifts"', "phrases": '["stair(s|lift)"]'}
    path.write_text(toml({}, {"slug": '"stairlifts"', **more, "status": '"draft"'}))
    catalogue = load_catalogue(path)
    assert catalogue.version == "7"
    assert catalogue.slugs == ("lifts", "stairlifts")
    assert "lifts" in catalogue
    assert "stairs" not in catalogue
    assert catalogue.subject("stairlifts") == Subject(
        "stairlifts",
        ("premises-and-travel",),
        "Stairlifts stuck",
        "Stairlifts run",
        "whether lifts run",
        "stairs",
        "lifts",
        type(catalogue.subject("lifts").lexicon)(("stair(s|lift)",)),
        "draft",
    )


def test_a_polarity_chooses_the_name_and_makes_the_id():
    (subject,) = parsed({}).subjects
    assert subject.name("strength") == "Lifts in good order"
    assert subject.name("area_for_improvement") == "Lifts out of order"
    assert issue_id(subject.slug, Polarity.STRENGTH) == "lifts/strength"
    assert subject.theme == "premises-and-travel"


def test_a_catalogue_may_have_no_subjects():
    assert parsed().subjects == ()


@pytest.mark.parametrize("missing", list(ENTRY))
def test_a_key_that_is_missing_is_named(missing):
    with pytest.raises(SettingsError, match=rf"own\.toml: .*key '{missing}' is missing; add it"):
        parsed({missing: None})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"names": '"Lifts"'}, "lifts: unknown key 'names'; known: "),
        ({"themes": "[]"}, "themes: got []; expected the codebook's"),
        ({"themes": '["premises-and-travel", "lifts"]'}, "expected the codebook's"),
        ({"themes": '"premises-and-travel"'}, "expected the codebook's"),
        ({"strength": '""'}, "lifts: strength: got ''; expected a claim of 8 words"),
        ({"area_for_improvement": '"One two three four five six seven eight nine"'}, "8 words"),
        ({"strength": '"lifts out-of order"'}, "both poles are named 'lifts out-of order'"),
        ({"strength": '"Lifts/strength"'}, "ends in a stroke and a pole"),
        ({"status": '"final"'}, "status 'final'; expected 'draft', or none"),
        ({"phrases": '["(a|b"]'}, "phrases: got '(a|b'; expected words, alternatives as (a|b)"),
        ({"phrases": '[" "]'}, "expected words"),
        ({"phrases": "[1]"}, "phrases: got 1; expected words"),
        ({"phrases": '["a", "a"]'}, "phrases: 'a' stands twice; remove one"),
        ({"broader": '"hoists"'}, "lifts: broader is 'hoists'; expected a subject"),
    ],
)
def test_an_entry_that_is_wrong_is_refused_and_it_is_said_where(change, said):
    with pytest.raises(SettingsError) as refused:
        parsed(change)
    assert said in str(refused.value)
    assert str(refused.value).startswith("own.toml: lifts")


def test_a_slug_that_stands_twice_is_refused():
    with pytest.raises(SettingsError, match=r"own\.toml: subject 'lifts' stands twice; rename"):
        parsed({}, {})


def test_a_name_of_another_subject_is_refused():
    with pytest.raises(SettingsError, match=r"own\.toml: hoists: 'Lifts out of order' is a name"):
        parsed({}, {"slug": '"hoists"', "strength": '"Hoists run"'})


def test_a_subject_broader_than_itself_through_others_is_refused():
    named = [
        {"slug": f'"{one}"', "strength": f'"{one} run"', "area_for_improvement": f'"{one} stand"'}
        for one in ("lifts", "hoists", "stairs")
    ]
    ring = zip(named, ("hoists", "stairs", "hoists"), strict=True)
    with pytest.raises(SettingsError, match=r"own\.toml: hoists: .* by way of stairs;"):
        parsed(*({**entry, "broader": f'"{broader}"'} for entry, broader in ring))


def test_what_is_no_toml_is_refused():
    with pytest.raises(SettingsError, match=r"own\.toml is not TOML: .*; correct the file"):
        parse_catalogue("[[subjects", "own.toml", load_codebook())


def test_a_name_of_eight_words_is_not_too_long():
    (subject,) = parsed({"strength": '"One two three four five six seven eight"'}).subjects
    assert len(subject.strength.split()) == MOST_WORDS


def test_a_subject_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(SettingsError, match=r"no subject 'hoists'; the catalogue has lifts"):
        parsed({}).subject("hoists")


def test_the_shipped_catalogue_is_read_once():
    assert load_catalogue() is load_catalogue()
