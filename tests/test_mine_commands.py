"""The commands on a folder: shares, issues, links, search, similar, themes."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import columns as c
from pipelines.cli import app
from pipelines.cli.values import meant
from pipelines.codebook import load_codebook
from pipelines.flow import open_run, run
from pipelines.report import ReportSettings
from pipelines.report.gather import gather

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three documents of the sample corpus, run."""
    out = tmp_path_factory.mktemp("mined") / "run"
    run(sorted(SAMPLE.glob("*.txt"))[:3], out, jobs=1, formats=("md",))
    return out


def called(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def printed(*arguments):
    return list(csv.DictReader(io.StringIO(called(*arguments, "--csv").stdout.lstrip("\ufeff"))))


def test_an_answer_from_the_disk_waits_for_no_stage(folder):
    """What mining, tagging and counting load took a third of the time of these commands."""
    asked = "import sys; sys.argv[0] = 'findings'; from pipelines.cli import main; main()"
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", asked, "issues", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in loaded.splitlines()}
    assert "pyarrow" in names
    assert not names & {"scipy", "sklearn", "spacy", "joblib", "altair"}


def test_shares_of_a_theme_with_their_sentence(folder):
    rows = printed("shares", folder, "--theme", "management-oversight")
    assert rows
    assert all(row["sentence"] and 0 <= float(row[c.VALUE]) <= 1 for row in rows)
    assert [row[c.UNIT] for row in rows] == sorted(row[c.UNIT] for row in rows)
    assert len(rows) < len(printed("shares", folder))


def test_issues_most_widespread_first(folder):
    rows = printed("issues", folder)
    units = [int(row[c.UNITS]) for row in rows]
    assert units == sorted(units, reverse=True)
    assert min(units) >= 1
    only = printed("issues", folder, "--polarity", "strength")
    assert {row[c.POLARITY] for row in only} <= {"strength"}
    assert "in no issue" in called("issues", folder).stderr


def test_issues_of_several_regions_since_a_date_with_when_they_were_found(folder):
    """As a report on them counts: where it recurs, and since when."""
    tables = open_run(folder).tables
    documents = tables["documents"].sort_values(c.PUBLISHED)
    regions, since = sorted(documents[c.REGION].unique()), documents[c.PUBLISHED].iloc[1]
    asked = [word for region in regions for word in ("--region", region.replace(" ", ""))]
    rows = printed("issues", folder, *asked, "--since", since)
    part = gather(tables, ReportSettings(regions=tuple(regions), since=since))
    assert {row[c.ISSUE_ID]: int(row[c.UNITS]) for row in rows} == {
        issue.issue_id: issue.count.units_with for issue in part.issues
    }
    dates = {finding.finding_id: finding.published for finding in part.evidence}
    members = tables["issue_findings"].groupby(c.ISSUE_ID)[c.FINDING_ID]
    for row in rows:
        own = sorted(dates[name] for name in members.get_group(row[c.ISSUE_ID]) if name in dates)
        assert (row["first_found"], row["last_found"]) == (own[0], own[-1])
    later = CliRunner().invoke(app, ["issues", str(folder), "--since", "2099"])
    assert "no finding asked for is of a report so new" in str(later.exception)


def test_an_issue_that_was_pinned_comes_first(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "run")
    least = printed("issues", copy)[-1][c.ISSUE_ID]
    called("edit", "pin", copy, least, "--coder", "Ann", "--answers", tmp_path / "answers")
    called("recount", copy, "--answers", tmp_path / "answers")
    assert printed("issues", copy)[0][c.ISSUE_ID] == least


def test_forms_of_a_report_that_are_not_written_again_are_named(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "run", symlinks=True)
    told = called("report", copy, "--formats", "html").output
    assert "no longer beside it, as --formats leaves them out: report.md;" in told
    assert "no longer" not in called("report", copy, "--formats", "html,md").output


def test_links_name_the_finding_behind_each_recommendation(folder):
    rows = printed("links", folder)
    assert {row[c.FINDING_ID].split("/")[0] for row in rows} == {
        row[c.RECOMMENDATION_ID].split("/")[0] for row in rows
    }
    assert "no finding supports it" in called("links", folder).stderr


def test_search_ranks_and_keeps_to_its_options(folder):
    rows = printed("search", "police domestic abuse", folder, "-n", 5)
    assert len(rows) == 5
    assert "police" in rows[0][c.TEXT].lower()
    worse = printed("search", "police", folder, "--polarity", "area_for_improvement")
    assert {row[c.POLARITY] for row in worse} == {"area_for_improvement"}
    like = printed("similar", rows[0][c.FINDING_ID], folder, "-n", 3)
    assert rows[0][c.FINDING_ID] not in {row[c.FINDING_ID] for row in like}


def test_a_region_that_the_run_has_not_is_said(folder):
    result = CliRunner().invoke(app, ["search", "police", str(folder), "--region", "Nowhere"])
    assert result.exit_code != 0
    assert "this run has" in str(result.exception)


def test_a_name_is_meant_however_its_words_are_parted():
    known = {"North East": (), "North West": ()}
    assert meant("--region", "northeast", known) == "North East"
    assert meant("--region", "north-w", known) == "North West"


def test_without_csv_entries_are_printed_with_their_ids(folder):
    out = called("search", "unpaid work", folder, "-n", 2).stdout
    ids = [row[c.FINDING_ID] for row in printed("search", "unpaid work", folder, "-n", 2)]
    assert [line.strip() for line in out.splitlines() if line.strip() in ids] == ids


def test_themes_are_proposed_and_merged_into_a_project(folder, project):
    rows = printed("themes", "propose", folder)
    if not rows:
        pytest.skip("the model holds every finding of these documents with confidence")
    before = load_codebook().themes[0]
    called("themes", "merge", rows[0][c.PROPOSAL_ID], before.slug, folder)
    assert set(before.lexicon.phrases) <= set(load_codebook().themes[0].lexicon.phrases)
    assert (project.labels / f"proposal-{rows[0][c.PROPOSAL_ID]}.jsonl").is_file()


@pytest.mark.parametrize("command", [["shares"], ["issues"], ["links"], ["search", "police"]])
def test_a_theme_that_is_none_is_refused_with_those_there_are(folder, command):
    result = CliRunner().invoke(app, [*command, str(folder), "--theme", "nosuch"])
    assert result.exit_code != 0
    assert "pqip-trainees" in str(result.exception)


def test_folder_and_query_may_come_in_either_order(folder):
    one = called("search", folder, "unpaid work", "-n", 3, "--csv").stdout
    assert one == called("search", "unpaid work", folder, "-n", 3, "--csv").stdout
    finding = printed("search", folder, "unpaid work", "-n", 1)[0][c.FINDING_ID]
    assert printed("similar", folder, finding) == printed("similar", finding, folder)


@pytest.mark.parametrize(
    ("given", "said"),
    [([], "words to search for must follow"), (["nowhere"], None), ([" "], "no words")],
)
def test_a_search_without_words_or_folder_says_what_is_missing(folder, given, said):
    result = CliRunner().invoke(app, ["search", str(folder), *given])
    if said is None:  # a folder and a word that no finding has
        assert (result.exit_code, result.stdout) == (0, "")
        assert "nothing found" in result.stderr
    else:
        assert said in str(result.exception)
    lost = CliRunner().invoke(app, ["search", "police", "nowhere"])
    assert "neither 'police' nor 'nowhere'" in str(lost.exception)


@pytest.mark.parametrize("option", ["unit", "region"])
def test_issues_of_a_unit_or_region_are_counted_and_quoted_within_it(folder, option):
    """As a report on it has them: nothing of the whole run stands in a row of a part."""
    tables = open_run(folder).tables
    findings = tables["findings"]
    for name in sorted(set(findings[option].dropna())):
        content = gather(tables, ReportSettings(**{f"{option}s": (name,)}))
        expected = {i.issue_id: i for i in content.issues}
        rows = printed("issues", folder, f"--{option}", name)
        assert {row[c.ISSUE_ID] for row in rows} == set(expected)
        for row in rows:
            count = expected[row[c.ISSUE_ID]].count
            figures = (count.findings, count.units_with, count.units)
            names = (c.FINDINGS, c.UNITS, c.UNITS_INSPECTED)
            assert tuple(int(row[key]) for key in names) == figures
            assert float(row[c.HIGH]) == pytest.approx(count.high)
            assert row[c.TEXT] == expected[row[c.ISSUE_ID]].evidence[0].text
        said = called("issues", folder, f"--{option}", name).stderr
        assert f" of {(findings[option] == name).sum()} in no issue" in said


def test_links_and_issues_of_a_unit(folder):
    unit = printed("search", folder, "police", "-n", 1)[0][c.UNIT]
    few, all_of_them = printed("links", folder, "--unit", unit), printed("links", folder)
    assert 0 < len(few) < len(all_of_them)
    assert len(printed("issues", folder, "--unit", unit)) <= len(printed("issues", folder))


def test_why_one_report_has_no_issue_is_said(tmp_path):
    report = SAMPLE / "hallowick-2024-04.txt"
    called("run", report, "--out", tmp_path / "run")
    assert "of two inspections or more" in called("issues", tmp_path / "run").stderr
