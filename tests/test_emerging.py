"""Emerging themes: proposals, and adopting them into a user's codebook."""

import json
import re
import tomllib

import pytest

from pipelines import columns as c
from pipelines import open_project
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.mine import mine_tables
from pipelines.mine.edits.adopt import accept, merge
from pipelines.records import digest
from pipelines.tables import frame

ODD = (
    "Electronic monitoring tags were fitted three weeks late.",
    "Tags for electronic monitoring were fitted late and faults went unmended.",
    "Faults in electronic monitoring tags were not reported to the courts.",
    "Electronic monitoring was poorly understood, and tags were fitted to the wrong people.",
)
HELD = (
    "The lift was broken at the main office.",
    "Reception felt unsafe after dark.",
    "The roof leaked over the waiting room.",
    "There was no ramp at the back door.",
)


@pytest.fixture(scope="module")
def tables():
    findings, tags, documents = [], [], []
    for number, pair in enumerate(zip(ODD, HELD, strict=True)):
        documents.append({c.DOCUMENT_ID: f"d{number}", c.UNIT: f"Unit {number}"})
        for ordinal, text in enumerate(pair, start=1):
            finding_id = f"d{number}/{ordinal:03d}"
            findings.append(
                {
                    c.FINDING_ID: finding_id,
                    c.DOCUMENT_ID: f"d{number}",
                    c.ORDINAL: ordinal,
                    c.POLARITY: "area_for_improvement",
                    c.TEXT: text,
                    c.DIGEST: digest(text),
                }
            )
            tags.append(
                {
                    c.FINDING_ID: finding_id,
                    c.THEME: "premises-and-travel",
                    c.PROBABILITY: 0.95 if text in HELD else 0.2,
                    c.ASSIGNED: True,
                }
            )
    made = {
        "documents": frame("documents", documents),
        "findings": frame("findings", findings),
        "tags": frame("tags", tags),
    }
    return {**made, **mine_tables(made)}


def test_findings_that_no_theme_holds_propose_one(tables):
    (proposal,) = tables["proposals"].to_dict("records")
    assert "electronic monitoring" in proposal[c.LABEL].lower()
    assert (proposal[c.FINDINGS], proposal[c.UNITS]) == (4, 4)
    members = set(tables["proposal_findings"][c.FINDING_ID])
    assert members == {f"d{n}/001" for n in range(4)}


def test_an_accepted_proposal_is_a_draft_theme_of_the_project_with_labels(tables, project):
    shipped = load_codebook().slugs
    slug = tables["proposals"][c.PROPOSAL_ID].iloc[0]
    labels = accept(tables, slug, group="supervision", name="Electronic monitoring")
    book = load_codebook()
    added = book.theme(slug)
    assert (added.status, added.group, added.name) == (
        "draft",
        "supervision",
        "Electronic monitoring",
    )
    assert "codebook.toml, line" in added.origin
    assert [known for known in book.slugs if known != slug] == list(shipped)
    assert labels.parent == project.labels
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    assert [row["themes"] for row in rows] == [[slug]] * 4
    assert {row["digest"] for row in rows} == {digest(text) for text in ODD}
    assert not any(text in labels.read_text(encoding="utf-8") for text in ODD)
    with pytest.raises(SettingsError, match="already"):
        accept(tables, slug)


def test_a_merged_proposal_adds_its_phrases_and_keeps_the_rest(tables, project):
    slug = tables["proposals"][c.PROPOSAL_ID].iloc[0]
    before = load_codebook()
    labels = merge(tables, slug, "engagement-and-compliance")
    old = before.theme("engagement-and-compliance")
    new = load_codebook().theme("engagement-and-compliance")
    assert set(old.lexicon.phrases) < set(new.lexicon.phrases)
    added = set(new.lexicon.phrases) - set(old.lexicon.phrases)
    assert any("electronic monitoring" in phrase for phrase in added)
    assert (new.claim, new.name) == (old.claim, old.name)
    assert load_codebook().slugs == before.slugs
    once = labels.read_text(encoding="utf-8")
    book = (project.folder / "codebook.toml").read_text(encoding="utf-8")
    merge(tables, slug, "engagement-and-compliance")
    assert labels.read_text(encoding="utf-8") == once
    assert (project.folder / "codebook.toml").read_text(encoding="utf-8") == book


@pytest.mark.parametrize(
    "written",
    [
        '[themes.lexicon]\nphrases = [\n  "gate", # ours\n]\n',
        'lexicon = { phrases = ["gate"] }\n',
        'lexicon.phrases = ["gate"]\n',
        "lexicon = {}\n",
        "[themes.lexicon] # nothing yet",
        'name = "X"\n\n# the next\n[[themes]]\nslug = "unpaid-work"\nname = "Y"\n',
        'claim = """\nphrases = [\n[[x]]\n"""\n[themes.lexicon]\nphrases = ["gate"]\n',
        'claim = """\nphrases = [\n"""\r\n# ours\r\n',
        'claim = "phrases = ["\n"lexicon" = { "phrases" = ["gate"] }\n',
    ],
)
def test_a_merge_writes_into_no_text_of_a_person(tables, project, written):
    book = project.folder / "codebook.toml"
    text = f'# ours\n[[ themes ]] # ours\n"slug" = "resettlement" # phrases = []\n{written}'
    book.write_text(text, encoding="utf-8", newline="")
    open_project(project.folder)
    before = tomllib.loads(text)
    merge(tables, tables["proposals"][c.PROPOSAL_ID].iloc[0], "resettlement")
    made = book.read_bytes().decode()
    after = tomllib.loads(made)
    new, old = (book["themes"][0].pop("lexicon", {}).get("phrases", []) for book in (after, before))
    assert after == before
    assert new[len(new) - len(old) :] == old
    assert any("electronic monitoring" in phrase for phrase in new)
    for remark in re.findall("(?m)^#.*\n.*$", text.replace("\r", "")):
        assert remark in made.replace("\r", "")


def test_where_no_place_for_phrases_is_found_that_is_said(tables, project):
    book = project.folder / "codebook.toml"
    book.write_text('themes = [{ slug = "resettlement", name = "Leaving" }]\n')
    open_project(project.folder)
    with pytest.raises(SettingsError, match=r"by hand, then merge again: .*electronic monitoring"):
        merge(tables, tables["proposals"][c.PROPOSAL_ID].iloc[0], "resettlement")


@pytest.mark.parametrize(
    ("slug", "group", "message"),
    [("nothing-such", None, "this run proposes"), (None, "nowhere", "no group 'nowhere'")],
)
def test_what_does_not_exist_is_refused_and_nothing_written(tables, project, slug, group, message):
    before = (project.folder / "codebook.toml").read_text(encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        accept(tables, slug or tables["proposals"][c.PROPOSAL_ID].iloc[0], group=group)
    assert (project.folder / "codebook.toml").read_text(encoding="utf-8") == before
    assert not list(project.labels.iterdir())


def test_without_a_project_it_is_said_how_to_make_one(tables):
    with pytest.raises(SettingsError, match="findings init"):
        accept(tables, tables["proposals"][c.PROPOSAL_ID].iloc[0])


def test_a_status_that_is_none_is_refused(tmp_path):
    path = tmp_path / "codebook.toml"
    path.write_text(
        '[[groups]]\nslug = "g"\nname = "G"\n'
        '[[themes]]\nslug = "t"\ngroup = "g"\nname = "T"\nclaim = "c"\nstatus = "done"\n',
        encoding="utf-8",
    )
    with pytest.raises(SettingsError, match="'draft'"):
        load_codebook(path)
