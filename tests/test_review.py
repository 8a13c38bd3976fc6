"""Questions in the order of what they are worth, sheets out and back, coders compared."""

import datetime as dt
import http.client
import io
import json
import shutil
import threading
import urllib.error
import urllib.request
import zipfile
from importlib.resources import files
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from pipelines import columns as c
from pipelines.answers import AnswerStore, about_finding, apply_answers, standing_of, whole
from pipelines.catalogue import load_catalogue
from pipelines.cli import app
from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError, SettingsError
from pipelines.flow.batch import Batch
from pipelines.flow.settings import RunSettings
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.storage.stored import Stored, workplace
from pipelines.records import digest
from pipelines.review.agreement import agree_on, coded_whole, masi, masi_alpha, share_wrong
from pipelines.review.card import Cards
from pipelines.review.cells import Settling
from pipelines.review.exchange import project_bytes, write_exchange
from pipelines.review.health import check_health
from pipelines.review.imports import read_import, take_over
from pipelines.review.orders import Order, Question, sample_rows
from pipelines.review.plans import Estimate
from pipelines.review.session import Session
from pipelines.review.sheets import write_sheet
from pipelines.review.training import gold_of, labels_of, write_labels
from pipelines.tables import frame
from pipelines.tag.labels.files import read_rows
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.models.registry import read_pointer, shipped_folder
from small import few_shipped
from synthetic import make_tables

HOSTILE = '<script>document.title="taken"</script> =HYPERLINK("http://x.example")'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a run of invented tables, without a report."""
    return make_run(tmp_path_factory.mktemp("review") / "run")


def make_run(folder, *, model="", probability=(), again=()):
    """Write a run of invented tables; of a model, with probabilities by finding and theme.

    Findings `again` have one text.
    """
    tables = make_tables(6)
    findings = tables["findings"].copy()
    findings.loc[0, c.TEXT] = HOSTILE
    findings.loc[list(again), c.TEXT] = "Rotas were late."
    findings[c.DIGEST] = [digest(text) for text in findings[c.TEXT]]
    tables = {**tables, "findings": findings}
    tables.setdefault("issue_tags", frame("issue_tags"))
    tables["models"] = frame("models", [{c.MODEL: model, c.FINDINGS: len(findings)}])
    for (name, theme), likely in dict(probability).items():
        tags = tables["tags"].copy()
        at = (tags[c.FINDING_ID] == name) & (tags[c.THEME] == theme)
        tags.loc[at, c.PROBABILITY] = likely
        tables["tags"] = tags
    owners = dict.fromkeys(tables, "mine")
    place = RunFolder(folder)
    with place.locked(), workplace(place) as work:
        stored = Stored(work)
        stored.update(tables)
        batch = Batch(stored, owners, {}, RunSettings(cache=None), lambda *_: None)
        batch.publish(place)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy that a test may answer on."""
    return shutil.copytree(made, tmp_path / "run", symlinks=True)


@pytest.fixture(scope="module")
def sheet(made, tmp_path_factory):
    """The bytes of a sheet of twelve findings of that run."""
    folder = tmp_path_factory.mktemp("sheet")
    session = Session(shutil.copytree(made, folder / "run", symlinks=True))
    write_sheet(session, folder / "labels.xlsx", order=Order(), number=12)
    return (folder / "labels.xlsx").read_bytes()


def cells_of(rows, **settings):
    """Settling of tags given as finding, unit, probability, whether it is given."""
    findings = frame(
        "findings",
        [
            {c.FINDING_ID: name, c.DOCUMENT_ID: unit, c.UNIT: unit, c.POLARITY: "strength"}
            for name, unit, _, _ in rows
        ],
    )
    tags = frame(
        "tags",
        [
            {
                c.FINDING_ID: name,
                c.THEME: "outcomes",
                c.PROBABILITY: likely,
                c.ASSIGNED: given,
                c.SOURCE: "model",
            }
            for name, _, likely, given in rows
        ],
    )
    return Settling(findings, tags, **settings)


def test_a_cell_with_a_sure_tag_is_asked_about_last():
    cells = cells_of([("a", "X", 0.99, True), ("b", "X", 0.5, True), ("c", "Y", 0.55, True)])
    assert cells.ranked(5)[0] == (2, "outcomes")
    cells.answer(2, "outcomes", "no")
    assert cells.filled() == {(0, "outcomes")}
    cells.answer(2, "outcomes", "")
    assert len(cells.filled()) == 2


def test_a_yes_settles_a_cell_and_a_no_goes_on_to_the_next_likeliest():
    rows = [("a", "X", 0.6, True), ("b", "X", 0.5, True), ("c", "X", 0.4, False)]
    cells = cells_of(rows)
    assert cells.ranked(1) == [(0, "outcomes")]
    cells.answer(0, "outcomes", "no")
    assert cells.ranked(1) == [(1, "outcomes")]
    cells.answer(1, "outcomes", "yes")
    assert cells.ranked(1) == []
    assert cells.estimate().f1 == 1


def test_what_is_probable_and_not_given_is_asked_about_and_what_is_sure_is_not():
    """As a part of a theme that was split is, until somebody says which part is meant."""
    cells = cells_of([("a", "X", 0.99, False), ("b", "Y", 0.99, True), ("c", "Z", 0.01, False)])
    assert cells.open_questions() == [(0, "outcomes")]


def drawn_cells(units, places, **settings):
    """Cells of tags whose truth is drawn from their probabilities, and the cells that are right."""
    draw = np.random.default_rng(7)
    rows, truth = [], []
    for unit in range(units):
        for place in range(places):
            likely = float(draw.beta(0.6, 0.9))
            rows.append((f"{unit}/{place}", f"U{unit}", likely, likely > 0.5))
            truth.append(bool(draw.random() < likely))
    right = {(n // places, "outcomes") for n, yes in enumerate(truth) if yes}
    return cells_of(rows, **settings), truth, right


def f1_of(cells, right):
    filled = cells.filled()
    return 2 * len(filled & right) / (len(filled) + len(right))


def test_the_estimate_is_right_where_probabilities_are():
    """What is estimated must come out, as questions are answered."""
    cells, truth, right = drawn_cells(150, 6)
    asked = 0
    said = cells.estimate(0.97).questions
    while cells.estimate(0.97).questions:
        row, slug = cells.ranked(1)[0]
        cells.answer(row, slug, "yes" if truth[row] else "no")
        asked += 1
        if asked % 40 == 1:
            assert abs(f1_of(cells, right) - cells.estimate().f1) < 0.03
    assert abs(asked - said) < 0.25 * said + 10


def test_the_estimate_is_right_where_answers_are_wrong_and_asking_ends_where_it_harms():
    """As often wrong as they are taken to be. A target beyond what people know is not promised."""
    cells, truth, right = drawn_cells(400, 2, wrong=0.1)
    draw = np.random.default_rng(1)
    assert cells.estimate(0.97).questions is None
    asked = 0
    while best := cells.ranked(1):
        row, slug = best[0]
        cells.answer(row, slug, "yes" if truth[row] != (draw.random() < 0.1) else "no")
        asked += 1
        if asked % 40 == 1:
            assert abs(f1_of(cells, right) - cells.estimate().f1) < 0.03
    assert len(cells.open_questions()) > 50
    assert f1_of(cells, right) > 0.9


def test_how_often_answers_are_wrong_is_learned_from_those_of_two_people():
    def answered(number, apart, **settings):
        said = [(who, n, "no" if who == "Ben" and n < apart else "yes") for n in range(number)
                for who in ("Ann", "Ben")]  # fmt: skip
        return [
            about_finding(who, digest(str(n)), "theme", "outcomes", answer, **settings)
            for who, n, answer in said
        ]

    assert share_wrong(standing_of([])) == 0.02
    assert share_wrong(standing_of(answered(200, 0))) == 0
    assert share_wrong(standing_of(answered(200, 40))) == 0.08
    none = [whole(who, digest(str(n)), "theme", ()) for n in range(200) for who in ("Ann", "Ben")]
    assert share_wrong(standing_of(none)) == 0.02  # nobody asked them about any theme
    settled = [about_finding("Cat", digest("0"), "theme", "outcomes", "no", resolves=True)]
    assert share_wrong(standing_of([*answered(1, 0), *settled])) == 0.02


def test_who_answers_apart_changes_what_a_session_makes_of_answers(folder):
    session = Session(folder)
    for n in range(40):
        for who, answer in (("Ann", "yes"), ("Ben", "no")):
            session.answer(who, Question(n, "theme", "outcomes"), answer)
    assert session.cells["theme"].wrong == share_wrong(session.standing) > 0.1
    assert Session(folder).cells["theme"].wrong == session.cells["theme"].wrong


def test_a_target_is_not_said_to_be_reached_while_questions_are_left():
    assert Estimate(0.968, 0.967, 22, 0.97).settled == 0.96
    assert Estimate(0.97, 0.97, 0, 0.97).settled == 0.97


def test_orders_are_named_and_wrong_ones_say_what_there_is(made):
    findings = Session(made).tables["findings"]
    unit = str(findings[c.UNIT].iloc[0])
    assert Order.parse(f"unit:{unit.upper()}", findings) == Order("unit", (unit,))
    both = findings.assign(**{c.UNIT: "Aber / Morfa"})
    assert Order.parse("unit:aber / morfa", both) == Order("unit", ("Aber / Morfa",))
    assert Order.parse("theme:Risk of harm", findings) == Order("theme", ("risk-of-harm",))
    assert Order.parse("", findings).name == "settle"
    for wrong in ("alphabet", "theme:none-such", "unit:Nowhere"):
        with pytest.raises(SettingsError, match="expected one of"):
            Order.parse(wrong, findings)


def test_every_order_asks_about_what_it_says(folder):
    session = Session(folder)
    findings = session.tables["findings"]
    unit = str(findings[c.UNIT].iloc[0])
    assert session.next_question("Ann", Order("theme", ("outcomes",))).slug == "outcomes"
    asked = session.next_question("Ann", Order("unit", (unit,)))
    assert findings[c.UNIT].iloc[asked.finding] == unit
    errors = session.next_question("Ann", Order("errors"))
    cells = session.cells["theme"]
    most = max(cells.error(*pair) for pair in cells.open_questions())
    assert cells.error(errors.finding, errors.slug) == most
    assert session.next_question("Ann", Order("random")).slug == ""


def test_two_people_are_not_asked_the_same_and_each_undoes_their_own(folder):
    session = Session(folder)
    ann, ben = (session.next_question(who, Order()) for who in ("Ann", "Ben"))
    assert ann != ben
    session.answer("Ann", ann, "yes")
    session.answer("Ben", ben, "no")
    assert session.question_of(session.undo("Ann")) == ann
    other = Session(folder)  # as after a restart
    assert other.progress("Ben").questions == 1
    assert other.progress("Ann").questions == 0
    assert other.undo("Ann") is None


def test_what_another_process_answers_is_seen(folder):
    one, two = Session(folder), Session(folder)
    question = one.next_question("Ann", Order())
    one.answer("Ann", question, "yes")
    assert two.progress("Ann").questions == 1
    assert two.next_question("Ben", Order()) != question


def test_what_another_process_answers_at_the_same_moment_is_seen(folder):
    """A line that comes between a session's own and its look at the files."""

    class Between(AnswerStore):
        def append(self, events):
            places = AnswerStore.append(self, events)
            for who in ("Ann", "Ben"):
                said = about_finding(who, session.digests[3], "theme", "outcomes", "yes")
                AnswerStore(self.folder).append([said])
            return places

    session = Session(folder)
    session.store = Between(session.store.folder)
    session.answer("Ann", Question(2, "theme", "outcomes"), "yes")
    session.refresh()
    assert [event.who for event in session.events] == ["Ann", "Ann", "Ben"]
    session.store = AnswerStore(session.store.folder)
    session.answer("Ann", Question(4, "theme", "outcomes"), "yes")
    assert session._seen == session.store.stamp()  # nothing has to be read again


def test_a_memo_on_a_unit_has_its_name_or_none(folder):
    session = Session(folder)
    card = Cards(session).card(Question(2, "theme", "outcomes"))
    assert card["unit"] == card["place"][0] != ""
    session.tables["findings"].loc[2, c.UNIT] = None
    card = Cards(session).card(Question(2, "theme", "outcomes"))
    assert card["unit"] == ""
    assert card["place"][0]  # something else, on which the page must keep no memo of a unit
    assert "unit: card.unit }" in (files("pipelines.review") / "templates/review.js").read_text()


def test_an_answer_sent_twice_counts_once(folder):
    session = Session(folder)
    question = session.next_question("Ann", Order())
    for _ in range(2):
        session.answer("Ann", question, "yes", event_id="abcdef0123456789")
    assert len(session.store.read().events) == 1


def test_the_sample_is_the_same_whatever_the_order_of_findings():
    digests = [digest(str(n)) for n in range(300)]
    drawn = {digests[row] for row in sample_rows(digests)}
    other = digests[::-1]
    assert drawn == {other[row] for row in sample_rows(other)}
    assert len(drawn) == 60


def test_a_sheet_goes_out_and_comes_back(folder, tmp_path):
    session = Session(folder)
    path = tmp_path / "labels.xlsx"
    assert write_sheet(session, path, order=Order(), number=12) == 12
    book = load_workbook(path)
    sheet = book["Labels"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.protection.sheet
    assert sheet.cell(2, heads.index("Text") + 1).protection.locked
    assert not sheet.cell(2, heads.index("Theme 1") + 1).protection.locked
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} == {
        "=Codebook!$A$2:$A$100",
        "=Issues!$A$2:$A$1000",
    }
    at = {name: heads.index(name) + 1 for name in heads}
    for row, themes in ((2, ["Outcomes", "Risk of harm"]), (4, ["none"])):
        for n in range(4):
            sheet.cell(row, at[f"Theme {n + 1}"]).value = (themes + [None] * 4)[n]
        sheet.cell(row, at["Done"]).value = "done"
    sheet.cell(2, at["Memo"]).value = "Ask again."
    book.save(path)
    with pytest.raises(SettingsError, match="is there already"):
        write_sheet(session, path, order=Order(), number=12)
    found = read_import(session, path, coder="Ann")
    assert len(found.changes) == 2
    assert "+" in found.changes[0].line
    assert not session.store.read().events  # nothing yet
    take_over(session, found)
    standing = standing_of(session.store.read().events)
    ids = [sheet.cell(row, at["Finding id"]).value for row in (2, 4)]
    rows = [session.ids.index(name) for name in ids]
    given = {key for key, one in standing.verdicts.items() if one.answer == "yes"}
    first = session.digests[rows[0]]
    assert given == {(first, "theme", "outcomes"), (first, "theme", "risk-of-harm")}
    assert [event.text for event in standing.memos] == ["Ask again."]


def test_a_text_of_several_findings_is_asked_once_and_comes_back_under_its_name(tmp_path):
    made = make_run(tmp_path / "run", again=(0, 1, 2))
    session = Session(made)
    path = tmp_path / "labels.xlsx"
    write_sheet(session, path, order=Order(), number=2000)
    book = load_workbook(path)
    heads, *lines = book["Labels"].iter_rows()
    at = {cell.value: place for place, cell in enumerate(heads)}
    digests = [line[at["Digest"]].value for line in lines]
    assert len(digests) == len(set(digests))
    alike = session.ids[0], session.ids[1], session.ids[2]
    (asked,) = (line for line in lines if line[at["Finding id"]].value in alike)
    for name in alike:
        asked[at["Finding id"]].value, asked[at["Done"]].value = name, "x"
        book.save(path)
        (change,) = read_import(session, path, coder="Ann").changes
        assert change.finding == name
    told = CliRunner().invoke(
        app, ["labels", "import", str(path), "--into", str(made), "--coder", "Ann", "--check"]
    )
    assert "1 of 1 rows leave themes and issues as they were" in told.output
    assert alike[-1] not in told.output


def test_a_sheet_that_is_only_confirmed_takes_no_tag_away(folder, tmp_path):
    """As many as a finding may have, more, and what the model never thought of."""
    session = Session(folder)
    subjects = load_catalogue().slugs
    few, many = [n for n, one in enumerate(session.digests) if session.digests.count(one) == 1][:2]
    given = {few: [("issue", slug) for slug in subjects[-3:]]}
    given[many] = [("theme", slug) for slug in load_codebook().slugs[:6]]
    for row, slugs in given.items():
        for level, slug in slugs:
            session.answer("Ann", Question(row, level, slug), "yes")
    path = tmp_path / "labels.xlsx"
    write_sheet(session, path, order=Order(), number=2000)
    book = load_workbook(path)
    heads, *lines = book["Labels"].iter_rows()
    at = {cell.value: place for place, cell in enumerate(heads)}
    here = {line[at["Finding id"]].value: line for line in lines}
    for row in given:
        here[session.ids[row]][at["Done"]].value = "x"
    book.save(path)
    with pytest.raises(CorpusError, match="themes; a finding has 4 at most"):
        read_import(session, path, coder="Ben")  # refused, and not cut
    here[session.ids[many]][at["Done"]].value = None
    book.save(path)
    (change,) = read_import(session, path, coder="Ben").changes
    assert (change.added, change.removed) == ((), ())


def test_nothing_is_half_imported(folder, tmp_path):
    session = Session(folder)
    texts = session.tables["findings"][c.TEXT].tolist()
    path = tmp_path / "labels.json"
    rows = [{"text": texts[2], "themes": "outcomes"}, {"text": texts[3], "themes": "nonsense"}]
    path.write_text(json.dumps(rows))
    with pytest.raises(CorpusError, match=r"nothing was taken over.*row 2"):
        read_import(session, path, coder="Ann")
    path.write_text(json.dumps([{"text": "Of another run.", "themes": "outcomes"}]))
    with pytest.raises(CorpusError, match="none of its 1 labels"):
        read_import(session, path, coder="Ann")
    assert not session.store.read().events


def test_what_stands_already_is_not_said_again_and_a_change_of_mind_is(folder, tmp_path):
    """As after a command that was killed when it had kept the rows."""
    session = Session(folder)
    text = session.tables["findings"][c.TEXT].iloc[2]
    for themes, memo, events in (
        ("outcomes", "Why?", 2),
        ("outcomes", "Why?", 2),
        ("risk-of-harm", "Why?", 3),
        ("outcomes", "Why?", 4),
    ):
        path = tmp_path / "one.csv"
        path.write_text(f'text,themes,memo\n"{text}",{themes},{memo}\n')
        take_over(session, read_import(session, path, coder="Ann"))
        assert len(session.store.read().events) == events
    session.undo("Ann")
    take_over(session, read_import(session, path, coder="Ann"))
    assert len(session.store.read().events) == 6


def test_single_yes_and_no_are_taken_over_as_such_and_say_nothing_of_other_themes(folder, tmp_path):
    """As Prodigy asks them, a row a theme."""
    session = Session(folder)
    text = session.tables["findings"][c.TEXT].iloc[2]
    path = tmp_path / "asked.jsonl"
    asked = (("risk-of-harm", "accept"), ("outcomes", "reject"))
    rows = [{"text": text, "label": slug, "answer": answer} for slug, answer in asked]
    path.write_text("\n".join(map(json.dumps, rows)))
    found = read_import(session, path, coder="Ann")
    assert found.notes == ()
    spoken = {slug for change in found.changes for slug in (*change.added, *change.removed)}
    assert spoken <= {"risk-of-harm", "outcomes"}
    take_over(session, found)
    take_over(session, read_import(session, path, coder="Ann"))
    said = [(event.kind, event.slug, event.answer) for event in session.store.read().events]
    assert said == [("answer", "risk-of-harm", "yes"), ("answer", "outcomes", "no")]
    path.write_text(
        "\n".join(json.dumps(row) for row in (rows[0], {**rows[0], "answer": "reject"}))
    )
    found = read_import(session, path, coder="Ann")
    assert "again" in found.notes[0]
    take_over(session, found)
    assert session.events[-1].answer == "no"  # the later counts, though the earlier stood already
    path.write_text(json.dumps({"text": text, "themes": "unpaid-work", "adds": "true"}))
    take_over(session, read_import(session, path, coder="Ann"))
    assert (session.events[-1].kind, session.events[-1].slug) == ("answer", "unpaid-work")


def test_a_file_of_two_coders_is_two_peoples_answers(folder, tmp_path):
    session = Session(folder)
    text = session.tables["findings"][c.TEXT].iloc[2]
    path = tmp_path / "two.csv"
    path.write_text(f'text,themes,coder\n"{text}",outcomes,A\n"{text}",risk-of-harm,B\n')
    take_over(session, read_import(session, path, coder=""))
    disputed = {slug for _, _, slug in session.standing.disputed}
    assert disputed == {"outcomes", "risk-of-harm"}
    question = session.next_question("Cat", Order("disagreements"))
    assert question.resolves
    session.answer("Cat", question, "yes")
    assert len(session.standing.disputed) == 1


def test_who_skips_a_disagreement_keeps_their_vote_and_is_not_asked_again(folder):
    session, order = Session(folder), Order("disagreements")
    for who, answer in (("Ann", "yes"), ("Ben", "no")):
        session.answer(who, Question(2, "theme", "outcomes"), answer)
    disputed = dict(session.standing.disputed)
    session.answer("Ann", session.next_question("Ann", order), "skip")
    assert session.standing.disputed == disputed
    assert session.next_question("Ann", order) is None
    assert session.next_question("Ben", order) is not None
    session.undo("Ann")
    assert session.next_question("Ben", order) is not None
    assert session.next_question("Ann", order) is None  # Ben is at it
    session = Session(folder)
    assert session.next_question("Ann", order) is not None


def test_agreement_is_what_the_books_say():
    """Figures worked by hand; MASI after Passonneau (2006), alpha after Krippendorff."""
    assert masi(frozenset("ab"), frozenset("ab")) == 0
    assert masi(frozenset("ab"), frozenset("a")) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(frozenset("ab"), frozenset("bc")) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi(frozenset("a"), frozenset("b")) == 1
    same = {str(n): {"A": frozenset("ab"[n % 2]), "B": frozenset("ab"[n % 2])} for n in range(6)}
    assert masi_alpha(same) == 1
    # Two units: agree on a, one a against b. Observed 2/4 = .5; expected 2*3*1/(4*3) = .5.
    two = {"1": {"A": frozenset("a"), "B": frozenset("a")}}
    two["2"] = {"A": frozenset("a"), "B": frozenset("b")}
    assert masi_alpha(two) == pytest.approx(0)
    assert masi_alpha({"1": two["1"]}) is None
    events = []
    for n in range(20):  # 8 yes-yes, 2 yes-no, 2 no-yes, 8 no-no: kappa .6
        for who, yes in (("A", n < 10), ("B", n < 8 or n in (10, 11))):
            answer = "yes" if yes else "no"
            events.append(about_finding(who, digest(str(n)), "theme", "outcomes", answer))
    (row,) = agree_on(standing_of(events), "theme")
    assert (row.questions, row.same) == (20, 16)
    assert row.kappa == pytest.approx(0.6)
    events = [whole(who, digest("x"), "theme", ("outcomes",)) for who in ("A", "B")]
    assert coded_whole(standing_of(events), "theme") == {
        digest("x"): {"A": frozenset({"outcomes"}), "B": frozenset({"outcomes"})}
    }


def test_answers_become_labels_to_train_on(folder):
    session = Session(folder)
    question = Question(3, "theme")
    session.label("Ann", question, ["outcomes"])
    session.label("Ann", Question(3, "issue"), ["vacancies"])
    given = labels_of(session)
    assert [row["themes"] for row in given.rows] == [["outcomes"]]
    path = write_labels(session, given)
    checked = check_labels(read_rows(path))
    assert checked.problems == ()
    (label,) = checked.labels
    assert label.themes == ("outcomes",)
    assert label.subjects == ("vacancies",)
    assert label.digest == session.digests[3]
    assert AnswerStore(session.store.folder).read().damaged == ()


def test_single_answers_become_labels_that_say_nothing_of_what_was_not_asked(folder):
    session = Session(folder)
    for slug, answer in (("outcomes", "yes"), ("risk-of-harm", "no"), ("unpaid-work", "unsure")):
        session.answer("Ann", Question(3, "theme", slug), answer)
    session.answer("Ann", Question(4, "issue", "vacancies"), "no")
    given = labels_of(session)
    assert given.whole == 0
    first, second = check_labels(read_rows(write_labels(session, given))).labels
    assert (first.themes, set(first.decided)) == (("outcomes",), {"outcomes", "risk-of-harm"})
    assert first.subjects is None
    assert (second.themes, second.decided) == ((), ())
    assert (second.subjects, second.decided_issues) == ((), ("vacancies",))
    session.undo("Ann")
    assert len(labels_of(session).rows) == 1


def test_themes_and_issues_given_at_once_are_one_answer_and_undone_at_once(folder):
    session = Session(folder)
    for level, slugs in (("theme", ["outcomes"]), ("issue", ["vacancies"])):
        session.label("Ann", Question(3, level), slugs, event_id=f"0123456789ab-{level}")
    assert session.progress("Ann").questions == 1
    undone = session.undo("Ann")
    assert session.question_of(undone) == Question(3, "theme")
    assert not session.standing.whole
    assert session.undo("Ann") is None


def test_gold_is_what_two_people_gave_and_nobody_disputes(folder):
    session = Session(folder)
    for who, row, slugs in (
        ("Ann", 3, ["outcomes"]),
        ("Ben", 3, ["outcomes"]),
        ("Ann", 4, ["outcomes"]),
        ("Ben", 4, ["risk-of-harm"]),
        ("Ann", 5, ["outcomes"]),
    ):
        session.label(who, Question(row, "theme"), slugs)
    assert [row[c.DIGEST] for row in gold_of(session)] == [session.digests[3]]
    for slug, said in (("outcomes", "no"), ("risk-of-harm", "yes")):
        session.answer("Cat", Question(4, "theme", slug, resolves=True), said)
    assert {row[c.DIGEST]: row["themes"] for row in gold_of(session)} == {
        session.digests[3]: ["outcomes"],
        session.digests[4]: ["risk-of-harm"],
    }


def test_a_random_sample_is_shown_without_what_the_model_thinks(folder):
    session = Session(folder)
    findings = session.tables["findings"]
    for order, empty in (("random", True), ("settle", False)):
        path = folder / f"{order}.xlsx"
        write_sheet(session, path, order=Order.parse(order, findings), number=20)
        rows = list(load_workbook(path)["Labels"].iter_rows(values_only=True))
        given = [row for row in rows[1:] if row[rows[0].index("Theme 1")]]
        assert bool(given) is not empty


def ods_of(book, path):
    """A workbook as an open document has it, as far as it is read here."""
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    say = "<text:p>{}</text:p>".format
    cell = '<table:table-cell office:value-type="string">{}</table:table-cell>'.format
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>"
            + "".join(cell(say(escape(str(v))) if v else "") for v in row)
            + "</table:table-row>"
            for row in lines
        )
        + "</table:table>"
        for name, lines in rows.items()
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:text="{names}:text:1.0" xmlns:table="{names}:table:1.0"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)


@pytest.mark.parametrize("name", ["labels.XLSX", "labels.xlsm", "labels.ods", "labels.csv"])
def test_a_sheet_keeps_its_order_however_it_was_saved_or_says_that_it_does_not(
    folder, tmp_path, name
):
    session = Session(folder)
    order = Order.parse("random", session.tables["findings"])
    write_sheet(session, tmp_path / "labels.xlsx", order=order, number=3)
    book = load_workbook(tmp_path / "labels.xlsx")
    heads = [cell.value for cell in book["Labels"][1]]
    for head, value in (("Theme 1", "Outcomes"), ("Done", "x")):
        book["Labels"].cell(2, heads.index(head) + 1).value = value
    path = tmp_path / name
    if name.endswith("ods"):
        ods_of(book, path)
    elif name.endswith("csv"):
        lines = book["Labels"].iter_rows(values_only=True)
        pd.DataFrame(lines).to_csv(path, index=False, header=False)
    else:
        book.save(path)
    words = ["labels", "import", str(path), "--into", str(folder), "--coder", "Ann"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    sampled = Session(folder).standing.sampled
    assert bool(sampled) == (not name.endswith("csv"))
    assert ("give --random" in done.output) == name.endswith("csv")


@pytest.mark.parametrize(
    ("marks", "taken", "said"),
    [
        (["done", "no", False, "✗", None, "0"], 1, ""),
        (["✔", "x", True, 1, "Yes", "DONE"], 6, ""),
        (["ok", "JB", "12/3/2025", dt.date(2025, 3, 1), "Y (JB)", None], 5, ""),
        (["☐", "–", "?", "[ ]", "not yet", "TBC", "n/a", "partly", "no - ask Ann", "[x]"], 1, ""),
        (["☑", "N.B.", "NA", "todo"], 3, ""),
        (["✓ AB", "✗ AB", "NULL", "checked", "unchecked", "Unwin"], 3, ""),
        (["✅", "✔️", "*", "●", "+", "👍", "no change", "☒"], 7, ""),
        (["☒", "☒", "☐", "x", "❌", "50%", "nan", "undone", "None"], 3, ""),
        (["✗", "✗"], 0, "no row is marked in the column 'Done'"),
        (["☐", "not yet"], 0, "no row is marked in the column 'Done'"),
        ([None, "no"], 0, "no row is marked in the column 'Done'"),
    ],
)
def test_the_column_done_is_read_and_not_only_looked_at(
    folder, sheet, tmp_path, marks, taken, said
):
    session, path = Session(folder), tmp_path / "labels.xlsx"
    book = load_workbook(io.BytesIO(sheet))
    place = [cell.value for cell in book["Labels"][1]].index("Done") + 1
    for row, mark in enumerate(marks, start=2):
        book["Labels"].cell(row, place).value = mark
    book.save(path)
    if not said:
        assert len(read_import(session, path, coder="Ann").changes) == taken
        return
    with pytest.raises(CorpusError, match=said):
        read_import(session, path, coder="Ann")


def test_health_names_a_label_that_looks_wrong(folder):
    session = Session(folder)
    tags = session.tables["tags"]
    once = [
        n
        for n, d in zip(session.ids, session.digests, strict=True)
        if session.digests.count(d) == 1
    ]
    sure = tags.loc[(tags[c.PROBABILITY] > 0.96) & tags[c.FINDING_ID].isin(once)].iloc[0]
    row = session.ids.index(sure[c.FINDING_ID])
    assert check_health(session) == ["nothing stands out"]
    session.answer("Ann", Question(row, "theme", sure[c.THEME]), "no")
    (line,) = check_health(session)
    assert sure[c.FINDING_ID] in line
    assert sure[c.THEME] in line


def test_a_model_neither_doubts_nor_is_scored_by_what_it_learned(made, tmp_path, monkeypatch):
    """Whoever was told an answer agrees with it: a model that was not told is asked."""
    session = Session(made)
    row = next(n for n, d in enumerate(session.digests) if session.digests.count(d) == 1)
    digest_, name = session.digests[row], session.ids[row]
    shipped = shipped_folder() / read_pointer(shipped_folder()).current
    meta = json.loads((shipped / "meta.json").read_text("utf-8"))
    meta |= {"name": "mine", "version": 1, "labels": [digest_]}
    (tmp_path / "models" / "mine-1").mkdir(parents=True)
    (tmp_path / "models" / "mine-1" / "meta.json").write_text(json.dumps(meta), "utf-8")
    monkeypatch.setenv("FINDINGS_MODELS", str(tmp_path / "models"))
    folder = make_run(tmp_path / "run", model="mine-1", probability={(name, "outcomes"): 0.999})
    session = Session(folder)
    session.label("Ann", Question(row, "theme"), [], order="random")
    assert not [x for x in check_health(session) if x.startswith("suspected") and name in x]
    drawn = {q.finding for q in session.queue(Order("random")).questions()}
    assert row not in drawn
    reading = session.store.read()
    for learned in (session.learned, ()):
        answered = apply_answers(session.tables, reading, learned=learned)["answered"]
        assert answered["sampled"].any() == (not learned)
    monkeypatch.setenv("FINDINGS_MODELS", str(tmp_path / "none"))
    assert [x for x in check_health(Session(folder)) if x.startswith("suspected") and name in x]


def test_the_commands_say_what_they_do(folder, tmp_path, monkeypatch):
    base = few_shipped(tmp_path / "few")  # to check all 24,000 labels takes five seconds
    monkeypatch.setattr("pipelines.tag.training.train.shipped_labels", lambda: base)
    call = CliRunner().invoke
    out = tmp_path / "labels.xlsx"
    done = call(app, ["labels", "export", str(folder), "--out", str(out), "--n", "5"])
    assert done.exit_code == 0, done.output
    book = load_workbook(out)
    heads = [cell.value for cell in book["Labels"][1]]
    book["Labels"].cell(2, heads.index("Done") + 1).value = "x"
    book.save(out)
    words = ["labels", "import", str(out), "--into", str(folder), "--coder", "Ann"]
    done = call(app, [*words, "--check"])
    assert "nothing was taken over" in done.output
    done = call(app, words)
    assert done.exit_code == 0, done.output
    assert "1 findings taken over" in done.output
    again = call(app, words)
    assert "0 findings taken over" in again.output
    assert "1 unchanged" in again.output
    done = call(app, ["train", "--check", "--answers", str(folder), "--models", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "1 findings with all themes, 0 with those that were asked about" in done.output
    assert " of reports" in done.output
    done = call(app, ["labels", "agreement", str(folder)])
    assert "nothing that two people answered" in done.output
    assert call(app, ["labels", "health", str(folder)]).exit_code == 0


def test_labels_that_stand_off_the_texts_are_taken_over(folder, tmp_path):
    """A table of document, number and digest, as labels are kept: the run has the texts."""
    session = Session(folder)
    rows = session.tables["findings"][[c.DOCUMENT_ID, c.ORDINAL, c.DIGEST]].head(3)
    rows = pd.concat([rows, rows.tail(1).assign(**{c.DIGEST: digest("Of another run.")})])
    path = tmp_path / "coded.csv"
    rows.assign(themes="outcomes").to_csv(path, index=False)
    words = ["labels", "import", str(path), "--into", str(folder), "--coder", "Ann"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "3 findings taken over" in done.output
    assert "coded.csv row 5: on a finding that this run does not have" in done.output
    others = [rows.iloc[[3]].assign(**{c.DIGEST: digest(f"{n}.")}) for n in range(300)]
    pd.concat([*others[:2], rows, *others[2:]]).assign(themes="outcomes").to_csv(path, index=False)
    done = CliRunner().invoke(app, words)  # it had said a line for each
    assert "coded.csv rows 2-3, 7-305: on 301 findings that this run does not have" in done.output


def test_a_sheet_that_is_damaged_is_one_sentence(folder, tmp_path):
    path = tmp_path / "labels.xlsx"
    path.write_bytes(b"PK\x03\x04 cut short")
    words = ["labels", "import", str(path), "--into", str(folder), "--coder", "Ann"]
    done = CliRunner().invoke(app, words)
    assert isinstance(done.exception, CorpusError)
    assert "is not a workbook" in str(done.exception)


# The server, without a browser.


@pytest.fixture(scope="module")
def server(made, tmp_path_factory):
    review_server = pytest.importorskip("pipelines.review.server", reason="needs starlette")
    folder = tmp_path_factory.mktemp("served") / "run"
    session = Session(shutil.copytree(made, folder, symlinks=True))
    running = review_server.Server(session, who="Ann")
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield running
    running.stop()
    thread.join(timeout=10)


class Caller:
    """Asks the server as a browser would, with what a test changes."""

    def __init__(self, server):
        self.server = server
        self.headers = {"Cookie": f"findings-review-{server.port}={server.token}"}

    def __call__(self, path, body=None, **headers):
        given = {**self.headers, **headers}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            given = {"x-findings-token": self.server.token, "Origin": self.server.origin, **given}
        request = urllib.request.Request(self.server.origin + path, data)
        for name, value in given.items():
            if value is not None:
                request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return response.status, response.read(), response.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers


def test_the_page_asks_and_keeps_and_undoes(server):
    call = Caller(server)
    told = json.loads(call("/next?who=Ann&order=settle")[1])
    card = told["card"]
    assert told["progress"]["questions"] is None or told["progress"]["questions"] >= 0
    body = {"who": "Ann", "order": "settle", "answer": "yes", "id": "0123456789abcdef"}
    body |= {name: card[name] for name in ("row", "level", "slug")}
    assert call("/answer", body)[0] == 200
    again = json.loads(call("/next?who=Ann&order=settle")[1])
    assert again["card"]["slug"] != card["slug"] or again["card"]["row"] != card["row"]
    assert again["progress"]["mine"] == 1
    undone = json.loads(call("/undo", {"who": "Ann"})[1])
    assert undone["card"]["row"] == card["row"]
    memo = {"who": "Ann", "row": card["row"], "on": "finding", "text": "Odd."}
    assert call("/memo", memo)[0] == 200
    assert [event.text for event in server.session.standing.memos] == ["Odd."]
    chosen = {"who": "Ann", "row": 1, "level": "theme", "chosen": {"theme": ["outcomes"]}}
    assert call("/label", chosen)[0] == 200
    wrong = {**body, "id": "fedcba9876543210", "slug": "none-such"}
    status, said, _ = call("/answer", wrong)
    assert status == 400
    assert b"not known" in said


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/", None, {"Cookie": None}, 403),
        ("/", None, {"Cookie": "findings-review=wrong"}, 403),
        ("/?token=wrong", None, {"Cookie": None}, 403),
        ("/next?who=Ann", None, {"Cookie": None}, 403),
        ("/picture/0", None, {"Cookie": None}, 403),
        ("/", None, {"Host": "evil.example"}, 421),
        ("/next?who=Ann", None, {"Origin": "http://evil.example"}, 403),
        ("/next?who=Ann", None, {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/undo", {"who": "Ann"}, {"Origin": "http://127.0.0.1:1"}, 403),
        ("/undo", {"who": "Ann"}, {"Origin": None}, 403),
        ("/undo", {"who": "Ann"}, {"x-findings-token": "wrong"}, 403),
        ("/undo", {"who": "Ann"}, {"Cookie": None}, 403),
        ("/undo", {"who": ""}, {}, 400),
        ("/undo", ["Ann"], {}, 400),
        ("/undo", {"who": "x" * 200_000}, {}, 400),
        ("/static/../review.html.j2", None, {}, 404),
        ("/picture/100000", None, {}, 404),
        (f"/picture/{'9' * 6000}", None, {}, 404),
        ("/picture/-1", None, {}, 404),
        ("/why?row=%C2%B2&level=theme&slug=outcomes", None, {}, 400),
        (f"/why?row={'9' * 6000}&level=theme&slug=outcomes", None, {}, 400),
        ("/why?row=0&level=theme&slug=none-such", None, {}, 400),
        ("/label", {"who": "A", "row": -1, "level": "theme", "chosen": {"theme": []}}, {}, 400),
        ("/label", {"who": "A", "row": 10**9, "level": "theme", "chosen": {"theme": []}}, {}, 400),
        ("/label", {"who": "A", "row": 0, "level": "theme", "chosen": {"theme": 5}}, {}, 400),
        ("/label", {"who": "A", "row": 0, "level": "theme", "chosen": {"theme": [[]]}}, {}, 400),
        ("/answer", {"who": "A\x1b[2J", "row": 0, "level": "theme", "slug": "outcomes"}, {}, 400),
        ("/answer", {"who": "A", "row": 0, "level": ["theme"], "slug": "outcomes"}, {}, 400),
        (
            "/memo",
            {"who": "A", "row": 0, "on": "unit", "subject": "\x1b]0;x", "text": "x"},
            {},
            400,
        ),
        ("/memo", {"who": "A", "row": 0, "on": "finding", "text": "\ud800"}, {}, 400),
        ("/edit", {"who": "A", "do": "rename", "issue": "<b>", "name": "\x1b[2J"}, {}, 400),
        ("/next?who=Ann&order=%00", None, {}, 400),
        ("/undo", {"who": "Ann"}, {"Sec-Fetch-Site": "same-site"}, 403),
        ("/undo", {"who": "Ann"}, {"Origin": "null"}, 403),
    ],
)
def test_who_is_not_the_page_is_refused(server, path, body, headers, status):
    before = server.session.store.read()
    assert Caller(server)(path, body, **headers)[0] == status
    assert server.session.store.read() == before


def test_what_a_browser_is_started_with_opens_the_page_one_time(server):
    """Others on the machine see the words of its command."""
    path = server.door.once().removeprefix(server.origin)
    assert server.token not in path
    call = http.client.HTTPConnection("127.0.0.1", server.port)
    for status in (303, 403):
        call.request("GET", path)
        answer = call.getresponse()
        answer.read()
        assert answer.status == status
    call.close()


def test_the_page_lets_nothing_run_but_its_own(server):
    status, page, headers = Caller(server)("/")
    assert status == 200
    assert "default-src 'none'" in headers["content-security-policy"]
    assert b"http://" not in page.replace(server.origin.encode(), b"")
    assert b"<script>" not in page
    card = json.loads(Caller(server)("/next?who=Ann&order=random")[1])["card"]
    assert isinstance(card["text"], str)


def test_a_server_listens_to_this_machine_only(server):
    assert server._socket.getsockname()[0] == "127.0.0.1"


def test_tables_given_are_never_changed(folder):
    session = Session(folder)
    before = pd.util.hash_pandas_object(session.tables["tags"]).sum()
    session.answer("Ann", session.next_question("Ann", Order()), "no")
    assert pd.util.hash_pandas_object(session.tables["tags"]).sum() == before


def test_codings_travel_as_refi_qda(folder, tmp_path):
    session = Session(folder)
    session.label("Ann", Question(0, "theme"), ["outcomes"])
    session.write_memo("Ben", "finding", session.ids[0], "Ask the unit.", finding=0)
    tables = apply_answers(session.run.tables, session.store.read())
    path = write_exchange(tables, tmp_path / "coded.qdpx")
    space = {"q": "urn:QDA-XML:project:1.0"}
    with zipfile.ZipFile(path) as packed:
        root = ET.fromstring(packed.read("project.qde"))
        texts = {name: packed.read(name).decode() for name in packed.namelist()}
    codes = {code.get("guid"): code.get("name") for code in root.iterfind(".//q:Code", space)}
    people = {user.get("guid"): user.get("name") for user in root.iterfind(".//q:User", space)}
    assert set(people.values()) == {"Ann", "Ben", "model"}
    found = {}
    for source in root.iterfind(".//q:TextSource", space):
        text = texts["Sources/" + source.get("plainTextPath").removeprefix("internal://")]
        for part in source.iterfind("q:PlainTextSelection", space):
            place = slice(int(part.get("startPosition")), int(part.get("endPosition")))
            given = {
                (
                    codes[coding.find("q:CodeRef", space).get("targetGUID")],
                    coding.get("creatingUser"),
                )
                for coding in part.iterfind("q:Coding", space)
            }
            found[part.get("name")] = text[place], {(name, people[by]) for name, by in given}
    assert set(found) == set(session.ids)
    assert found[session.ids[0]] == (HOSTILE, {("Outcomes", "Ann")})
    assert root.find(".//q:Note/q:PlainTextContent", space).text == "Ask the unit."
    guids = [part.get("guid") for part in root.iter() if part.get("guid")]
    assert len(guids) == len(set(guids))
    assert path.read_bytes() == project_bytes(tables, name="coded")
    book = ET.fromstring(write_exchange(tables, tmp_path / "book.qdc").read_bytes())
    names = {code.get("name") for code in book.iter("{urn:QDA-XML:codebook:1.0}Code")}
    assert {theme.name for theme in load_codebook().themes} <= names
    for wrong in (path, tmp_path / "coded.xml"):
        with pytest.raises(SettingsError):
            write_exchange(tables, wrong)
