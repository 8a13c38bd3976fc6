"""What people do to issues counts in the next count, says who did it, and can be taken back."""

from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from pipelines import columns as c
from pipelines.answers import AnswerStore, about_finding, apply_answers, edit, standing_of
from pipelines.answers.events import Event
from pipelines.cli import app
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.mine.edits.edited import edited
from pipelines.mine.listing import CATALOGUE, NEW, Issue
from pipelines.report.answers import answer_facts
from pipelines.report.evidence import gather_evidence
from pipelines.report.patterns import gather_issues
from pipelines.review.edits import edit_issue
from pipelines.review.session import Session
from pipelines.tables import frame
from test_review import folder, made  # noqa: F401 - fixtures

AREA = "area_for_improvement"
FINDINGS = frame("findings", [{c.FINDING_ID: f"a/{n}", c.DIGEST: f"{n:016x}"} for n in range(8)])
TAGS = frame(
    "tags",
    [{c.FINDING_ID: f"a/{n}", c.THEME: "outcomes", c.ASSIGNED: True} for n in range(8)],
)


def issue(key, rows, status=CATALOGUE, polarity=AREA):
    size = len(rows)
    return Issue(
        key,
        "outcomes",
        polarity,
        status,
        key.capitalize(),
        (),
        np.asarray(rows, dtype=np.intp),
        np.full(size, 0.9),
        np.full(size, "likely", dtype=object),
        np.full(size, "model", dtype=object),
        None,
    )


def did(found, *events):
    """Do edits to issues, by way of the tables that a store gives."""
    tables = apply_answers({"findings": FINDINGS}, type("R", (), {"events": events, "damaged": ()}))
    return {one.name: one for one in edited(found, tables["edits"], FINDINGS, TAGS)}


def digests(*rows):
    return tuple(f"{n:016x}" for n in rows)


def found():
    return [
        issue("late", [0, 1, 2]),
        issue("lost", [2, 3]),
        issue("kind", [4], polarity="strength"),
    ]


def test_each_edit_says_who_did_it_and_leaves_the_rest_alone():
    done = did(
        found(),
        edit("Ann", "pin", f"lost/{AREA}"),
        edit("Ann", "rename", f"late/{AREA}", name="Too late"),
        edit("Ben", "drop", "kind/strength"),
    )
    assert done.keys() == {f"late/{AREA}", f"lost/{AREA}"}
    assert done[f"lost/{AREA}"].pinned
    assert done[f"late/{AREA}"].label == "Too late"
    assert done[f"late/{AREA}"].decided[0].startswith("renamed from ‘Late’ by Ann, 20")


def test_merged_findings_are_a_persons_and_none_counts_twice():
    whole = did(found(), edit("Ann", "merge", f"lost/{AREA}", into=f"late/{AREA}"))[f"late/{AREA}"]
    assert whole.rows.tolist() == [0, 1, 2, 3]
    assert whole.sources.tolist() == ["model", "model", "model", "person"]
    assert "‘Lost’ merged into it by Ann" in whole.decided[0]


def test_a_part_becomes_an_issue_and_can_be_edited_again():
    part = f"own-very-late/{AREA}"
    done = did(
        found(),
        edit("Ann", "split", f"late/{AREA}", into=part, name="Very late", findings=digests(1, 2)),
        edit("Ann", "take", part, findings=digests(2)),
        edit("Ann", "put", part, findings=digests(5)),
    )
    assert done[part].rows.tolist() == [1, 5]
    assert done[part].label == "Very late"
    assert done[f"late/{AREA}"].rows.tolist() == [0]
    assert len(done[part].decided) == 3


def test_a_new_issue_is_known_again_by_its_findings_and_no_other_is_taken_for_it(caplog):
    now = [issue("new-lifts-stuck", [0, 1, 2, 6], NEW), issue("new-cold-rooms", [3, 4], NEW)]
    held = edit(
        "Ann", "rename", f"new-lifts-broken/{AREA}", name="Lifts", findings=digests(0, 1, 2)
    )
    gone = edit("Ann", "rename", f"new-gone/{AREA}", name="Gone", findings=digests(2, 5, 7))
    far = edit("Ann", "pin", f"new-far/{AREA}", findings=("f" * 16,))
    done = did(now, held, gone, far)
    assert [one.label for one in done.values()] == ["Lifts", "New-cold-rooms", "Gone"]
    assert done[f"new-gone/{AREA}"].rows.tolist() == [2, 5, 7]
    assert "new-gone" in caplog.text
    assert "new-far" in caplog.text


def test_what_a_person_named_or_pinned_is_kept_where_its_findings_are_no_group_any_more():
    shown = {"label": "Women’s centre"}
    pin = edit("Ann", "pin", f"new-women-s-centre/{AREA}", findings=digests(0, 1, 2), shown=shown)
    taken = issue("new-women-s-centre", [5, 6, 7], NEW)  # the name is another group's now
    for found_ in ([], [taken]):
        (kept,) = [one for one in did(found_, pin).values() if one.name != taken.name or not found_]
        assert (kept.label, kept.rows.tolist(), kept.pinned) == ("Women’s centre", [0, 1, 2], True)
        assert (kept.status, kept.theme) == ("person", "outcomes")
        assert kept.decided[0].startswith("no group of this run any more, kept by Ann, 20")


def test_the_id_of_a_new_issue_tells_less_than_its_findings():
    now = [
        issue("new-mentors", [4, 5, 6, 7], NEW),
        issue("new-mentors-2", [0, 1, 2, 3], NEW),
    ]
    done = did(now, edit("Ann", "drop", f"new-mentors-2/{AREA}", findings=digests(4, 5, 6)))
    assert done.keys() == {f"new-mentors-2/{AREA}"}


def test_an_issue_that_was_merged_is_not_the_one_that_took_it_in(caplog):
    now = [issue("new-a", [0, 1, 2], NEW), issue("new-b", [3, 4, 5, 6], NEW)]
    merged = edit("Ann", "merge", f"new-a/{AREA}", into=f"new-b/{AREA}", findings=digests(0, 1, 2))
    drop = edit("Ben", "drop", f"new-a/{AREA}", findings=digests(0, 1, 2))
    seen_after = edit(
        "Ben", "rename", f"new-b/{AREA}", name="Both", findings=digests(0, 1, 2, 3, 4, 5, 6)
    )
    (both,) = did(now, merged, drop, seen_after).values()
    assert (both.label, both.rows.tolist()) == ("Both", [0, 1, 2, 3, 4, 5, 6])
    assert "drop new-a" in caplog.text


def test_a_new_issue_that_another_was_merged_into_or_moved_into_is_known_by_its_findings():
    now = [issue("new-a", [0, 1], NEW), issue("new-b-longer", [3, 4, 5], NEW)]
    had = digests(3, 4)
    merged = edit(
        "Ann", "merge", f"new-a/{AREA}", into=f"new-b/{AREA}", findings=digests(0, 1), had=had
    )
    put = edit("Ann", "put", f"new-b/{AREA}", findings=digests(7), had=had)
    (whole,) = did(now, merged, put).values()
    assert (whole.name, whole.rows.tolist()) == (f"new-b-longer/{AREA}", [0, 1, 3, 4, 5, 7])


def test_two_parts_of_one_name_are_one_issue():
    part = f"own-visits/{AREA}"
    (one, other) = (
        edit("Ann", "split", f"{key}/{AREA}", into=part, name="Visits", findings=digests(*rows))
        for key, rows in (("late", (1, 2)), ("lost", (2, 3)))
    )
    done = did(found(), one, other)
    assert done[part].rows.tolist() == [1, 2, 3]
    assert len(done[part].decided) == 2


def test_a_finding_of_the_catalogue_is_where_it_was_moved_last_as_long_as_the_answer_stands():
    def moved(do, subject, said, row):
        name = f"{subject}/{AREA}"
        return (
            edit("Ann", do, name, findings=digests(row)),
            about_finding("Ann", *digests(row), "issue", subject, said),
        )

    plans, visits, part = f"contingency-planning/{AREA}", f"home-visits/{AREA}", f"own-plans/{AREA}"
    now = [issue("contingency-planning", [0, 1, 2]), issue("home-visits", [3, 4])]
    split = edit("Ann", "split", plans, into=part, name="Plans", findings=digests(1, 2))
    back = (
        *moved("put", "contingency-planning", "yes", 2),
        edit("Ann", "take", part, findings=digests(2)),
    )
    done = did(now, split, *back)
    assert (done[plans].rows.tolist(), done[part].rows.tolist()) == ([0, 2], [1])
    no = about_finding("Ann", *digests(2), "issue", "contingency-planning", "no")
    assert did(now, split, *back, no)[plans].rows.tolist() == [0]
    merge = edit("Ann", "merge", visits, into=plans)
    done = did(now, merge, *moved("take", "contingency-planning", "no", 3))
    assert done[plans].rows.tolist() == [0, 1, 2, 4]


def move(who, row, into, out_of, *, into_had=(), had=()):
    """Return the events of one command, with the answers that moves of the catalogue's are."""
    put = edit(who, "put", f"{into}/{AREA}", findings=digests(row), had=digests(*into_had))
    take = edit(who, "take", f"{out_of}/{AREA}", findings=digests(row), had=digests(*had))
    said = [
        about_finding(who, *digests(row), "issue", subject, answer)
        for subject, answer in ((into, "yes"), (out_of, "no"))
        if not subject.startswith("new-")
    ]
    return (put, replace(take, when=put.when), *said)


def merged_by_ann(*had):
    """Merge of new-a, of rows 0 and 1, into new-b, which had these."""
    ids = f"new-a/{AREA}", f"new-b/{AREA}"
    return edit("Ann", "merge", ids[0], into=ids[1], findings=digests(0, 1), had=digests(*had))


def test_what_is_moved_into_a_merged_issue_goes_where_that_went(caplog):
    plans, visits = "contingency-planning", "home-visits"
    now = [issue(plans, [0, 1, 2]), issue(visits, [2, 3, 4])]  # the answer has put 2 in already
    merge = edit("Ann", "merge", f"{visits}/{AREA}", into=f"{plans}/{AREA}")
    both = did(now, merge, *move("Ben", 2, visits, plans))[f"{plans}/{AREA}"]
    assert both.rows.tolist() == [0, 1, 2, 3, 4]
    later = edit("Ben", "take", f"{plans}/{AREA}", findings=digests(2))
    no = about_finding("Ben", *digests(2), "issue", plans, "no")
    both = did(now, merge, *move("Ben", 2, visits, plans), later, no)[f"{plans}/{AREA}"]
    assert both.rows.tolist() == [0, 1, 3, 4]
    now = [issue(f"new-{key}", rows, NEW) for key, rows in (("a", [0, 1]), ("b", [3, 4]))]
    now.append(issue("new-c", [5, 6, 7], NEW))
    merge = merged_by_ann(3, 4)
    done = did(now, merge, *move("Ben", 6, "new-a", "new-c", into_had=(0, 1), had=(5, 6, 7)))
    assert [one.rows.tolist() for one in done.values()] == [[0, 1, 3, 4, 6], [5, 7]]
    assert not caplog.text


def test_what_is_moved_out_of_a_merged_issue_leaves_the_one_it_went_to(caplog):
    now = [issue(f"new-{key}", rows, NEW) for key, rows in (("a", [0, 1]), ("b", [1, 3, 4]))]
    now.append(issue("new-c", [6, 7], NEW))
    merge = merged_by_ann(1, 3, 4)
    for row, into, had, left in (
        (0, "new-c", (6, 7), [[1, 3, 4], [0, 6, 7]]),
        (1, "new-c", (6, 7), [[0, 1, 3, 4], [1, 6, 7]]),  # the other had it, too
        (0, "new-b", (1, 3, 4), [[0, 1, 3, 4], [6, 7]]),  # it is there already
    ):
        moved = move("Ben", row, into, "new-a", into_had=had, had=(0, 1))
        assert [one.rows.tolist() for one in did(now, merge, *moved).values()] == left
    assert caplog.text.count("nothing that it is about") == 1


def test_a_part_whose_split_was_undone_is_dead_and_edits_of_it_fall_on_nothing(caplog):
    part = f"own-visits/{AREA}"
    for now in (issue("new-a", [0, 1, 2], NEW), issue("late", [0, 1, 2])):
        for do, more in (
            ("drop", {}),
            ("rename", {"name": "Visits"}),
            ("merge", {"into": f"lost/{AREA}"}),
            ("put", {"had": digests(0, 1)}),
        ):
            moved = digests(6) if do == "put" else digests(0, 1)
            done = did([now, issue("lost", [3])], edit("Ben", do, part, findings=moved, **more))
            assert [one.rows.tolist() for one in done.values()] == [[0, 1, 2], [3]]
            assert not done[now.name].decided
            assert f"{do} own-visits" in caplog.text


def test_moves_of_stores_that_do_not_say_what_an_issue_had_go_by_its_id():
    now = [issue("new-big", [0, 1, 2, 3, 4, 5], NEW), issue("new-small", [3, 6], NEW)]
    done = did(now, edit("Ann", "take", f"new-big/{AREA}", findings=digests(3)))
    assert [one.rows.tolist() for one in done.values()] == [[0, 1, 2, 4, 5], [3, 6]]


def test_an_issue_of_the_catalogue_may_be_called_new():
    name = f"new-starters/{AREA}"
    done = did([issue("new-starters", [0, 1])], edit("Ann", "pin", name, findings=digests(0, 1)))
    assert [(one.name, one.pinned) for one in done.values()] == [(name, True)]


def test_merging_what_was_dropped_makes_no_issue_of_what_it_would_have_gone_into():
    dropped = edit("Ben", "drop", f"new-a/{AREA}", findings=digests(0, 1))
    merge = {"into": f"new-b/{AREA}", "findings": digests(0, 1), "had": digests(4, 5)}
    now = [issue("new-a", [0, 1], NEW)]
    assert not did(now, dropped, edit("Ann", "merge", f"new-a/{AREA}", **merge))


def test_a_part_may_have_a_name_that_no_issue_has_any_more(folder):  # noqa: F811
    session = Session(folder)
    name, side = session.run.tables["issues"][[c.ISSUE_ID, c.POLARITY]].iloc[0]
    members = session.run.tables["issue_findings"].query(f"{c.ISSUE_ID} == @name")[c.FINDING_ID]
    part = f"own-a-part/{side}"
    elsewhere = edit("Ben", "split", name, into=part, name="A part", findings=digests(1))
    first, again = (
        edit("Ben", "split", name, into=part, name="A part", findings=(session.digests[0],))
        for _ in range(2)
    )
    back = edit("Ben", "merge", part, into=name)
    session.keep([elsewhere, first, back])
    (kept,) = edit_issue(session, "Ann", "split", name, name="A part", findings=members[:1])
    assert not kept.had  # an id of the catalogue lasts: nothing is known again
    session.keep([again])
    with pytest.raises(SettingsError, match="give another name"):
        edit_issue(session, "Ann", "split", name, name="A part", findings=members[:1])


def test_what_an_answer_has_done_already_is_not_said_to_be_about_nothing(caplog):
    visits = f"home-visits/{AREA}"
    take = edit("Ann", "take", visits, findings=digests(3))
    no = about_finding("Ann", *digests(3), "issue", "home-visits", "no")
    assert not did([], take, no)
    assert not caplog.text


def test_an_edit_is_kept_whole_and_undone(tmp_path):
    store = AnswerStore(tmp_path)
    made_ = edit(
        "Ann", "split", f"late/{AREA}", into=f"own-x/{AREA}", name="X", findings=digests(1)
    )
    store.append([made_])
    assert store.read().events == (made_,)
    with pytest.raises(SettingsError, match="answer is 'burn'"):
        edit("Ann", "burn", f"late/{AREA}")
    with pytest.raises(SettingsError, match="findings"):
        Event.from_dict({**made_.to_dict(), "findings": ["x"]})
    assert [event.slug for event in standing_of([made_]).edits] == [f"late/{AREA}"]


def test_only_what_the_run_lists_is_edited_and_what_is_wrong_is_said(folder):  # noqa: F811
    session = Session(folder)
    listed = session.run.tables["issues"]
    name, side = listed[[c.ISSUE_ID, c.POLARITY]].iloc[0]
    members = session.run.tables["issue_findings"].query(f"{c.ISSUE_ID} == @name")[c.FINDING_ID]
    for wrong, said in (
        ({"do": "pin", "issue": "nosuch"}, "no such issue"),
        ({"do": "rename", "issue": name}, "expected 1 to"),
        ({"do": "merge", "issue": name, "into": name}, "another issue"),
        ({"do": "split", "issue": name, "name": "Part"}, "no finding was given"),
        ({"do": "take", "issue": name, "findings": ["nosuch/1"]}, "none of that id"),
    ):
        with pytest.raises(SettingsError, match=said):
            edit_issue(session, "Ann", **wrong)
    assert not session.events
    (kept,) = edit_issue(session, "Ann", "split", name.upper(), name="A part", findings=members[:1])
    assert kept.slugs == (f"own-a-part/{side}",)
    assert Session(folder).standing.edits == [kept]
    with pytest.raises(SettingsError, match="give another name"):
        edit_issue(session, "Ann", "split", name, name="A part", findings=members[1:2])
    assert session.undo("Ann") == kept
    assert not session.standing.edits


def test_findings_are_moved_in_and_out_or_neither(folder):  # noqa: F811
    session = Session(folder)
    tables = session.run.tables
    has = tables["issue_findings"].groupby(c.ISSUE_ID)[c.FINDING_ID].agg(set)
    sides = tables["issues"].set_index(c.ISSUE_ID)[c.POLARITY]
    one, two, moved = next(
        (one, two, sorted(has[one] - has[two]))
        for one in has.index
        for two in has.index
        if sides[one] == sides[two] and has[one] - has[two]
    )
    words = ["edit", "move", str(folder), moved[0], "--coder", "Ann", "--into"]
    done = CliRunner().invoke(app, [*words, one, "--out-of", two])
    assert f"is no finding of {two}" in str(done.exception)
    assert not AnswerStore(session.store.folder).read().events
    done = CliRunner().invoke(app, [*words, two, "--out-of", one])
    assert done.exit_code == 0, done.output
    kept = AnswerStore(session.store.folder).read().events
    said = [(event.kind, event.answer, event.slug.partition("/")[0]) for event in kept]
    assert said == [
        ("edit", "put", two.partition("/")[0]),
        ("answer", "yes", two.partition("/")[0]),
        ("edit", "take", one.partition("/")[0]),
        ("answer", "no", one.partition("/")[0]),
    ]
    assert len({event.when for event in kept}) == 1  # by which they are known as one command
    session.undo("Ann")  # all of the command
    assert session.standing.undone == {event.event_id for event in kept}


def test_an_edit_of_a_run_that_was_only_tagged_is_a_sentence(folder):  # noqa: F811
    session = Session(folder)
    del session.run.tables["issues"]
    with pytest.raises(SettingsError, match="has not been mined"):
        edit_issue(session, "Ann", "pin", "outcomes")


def test_the_report_shows_edits_as_a_persons(folder):  # noqa: F811
    tables = dict(Session(folder).run.tables)
    issues = tables["issues"].copy()
    last = len(issues) - 1
    issues.at[last, c.PINNED] = True
    issues.at[last, c.DECIDED] = ["pinned by Ann, 2026-11-28"]
    evidence = gather_evidence(tables, load_codebook())
    shown = gather_issues({**tables, "issues": issues}, {}, evidence)
    same = [one for one in shown if one.polarity == issues.at[last, c.POLARITY]]
    assert same[0].issue_id == issues.at[last, c.ISSUE_ID]
    assert "pinned by Ann, 28 November 2026" in same[0].remarks
    rows = [{c.ISSUE_ID: "x/strength", c.EDIT: "drop", c.LABEL: "Gone", c.WHO: ["Ben"],
             c.WHEN: "2026-11-28T10:00:00Z"}]  # fmt: skip
    facts = dict(answer_facts({"edits": frame("edits", rows)}, load_codebook()))
    assert "listed no longer: ‘Gone’" in facts["Issues edited by people"]
