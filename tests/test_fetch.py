"""`findings fetch` against a real server: 40 inspections, every fault, killed and resumed."""

from __future__ import annotations

import csv
import itertools
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import UnreadableDocument
from pipelines.fetch.folder import FetchFolder
from pipelines.regular import digest_of
from tests.inspectorate import (
    Page,
    Site,
    furnished,
    html_report,
    landing,
    manifest_of,
    publish,
    slug,
)
from tests.invented import as_pdf, invent

RUNNER = CliRunner()
QUICK = ["--delay", "0", "--backoff", "0.01", "--timeout", "1", "--max-bytes", "2000000"]
ROOT = Path(__file__).parents[1]


@pytest.fixture
def site():
    with Site() as running:
        yield running


@pytest.fixture
def other():
    with Site() as running:
        running.pages["/report.pdf"] = Page(as_pdf(invent(34)), "application/pdf")
        yield running


def one(site, tmp_path, **row):
    """Write a manifest of one inspection; return its path and the invented report."""
    report = invent(1, bullets=1, paragraphs=2)
    name = slug(report.unit)
    rows = [{"id": f"{name}-pdu-2023", "unit": report.unit, "address": f"/document/{name}", **row}]
    return manifest_of(site, rows, tmp_path / "manifest.csv"), report


def fetch(manifest, folder, *more):
    return RUNNER.invoke(
        app, ["fetch", "--manifest", str(manifest), "--to", str(folder), *QUICK, *more]
    )


def ledger(folder):
    with (folder / "ledger.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def files(folder):
    return {p.name for p in folder.iterdir() if not p.name.startswith(".")} - {"ledger.csv"}


def kill_when(process, seen):
    while process.poll() is None and not seen():
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system with SIGKILL")
def test_forty_inspections_with_every_fault_killed_resumed_checked_and_read(site, other, tmp_path):
    published = publish(site, other)
    manifest = manifest_of(site, published.rows, tmp_path / "manifest.csv")
    folder = tmp_path / "reports"
    command = [sys.executable, "-m", "pipelines", "fetch", "--manifest", str(manifest)]
    command += ["--to", str(folder), *QUICK]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for enough in (6, 21, 40):  # killed three times, at any moment, each time further on
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        kill_when(process, lambda: sum(site.sent.values()) and len(site.log) >= enough)  # noqa: B023
    done = fetch(manifest, folder)
    assert done.exit_code == 1, done.output  # ten cannot be had

    rows = ledger(folder)
    assert {key for key, row in rows.items() if row["status"] == "fetched"} == published.good
    assert set(rows) == set(published.reports)
    for key, reason in published.bad.items():
        assert rows[key]["status"] == "failed"
        assert reason in rows[key]["reason"], key
        assert reason in done.stderr
    assert files(folder) == {rows[key]["file"] for key in published.good}
    for key in published.good:
        assert digest_of(folder / rows[key]["file"]) == rows[key]["sha256"]
        assert rows[key]["edition"] == "1"
    for key, report in published.reports.items():
        if key in published.good and rows[key]["kind"] == "pdf":
            assert (folder / rows[key]["file"]).read_bytes() == as_pdf(report), key
    assert [p.name for p in (folder / ".fetch").glob("*.part")] == []
    assert site.most_at_once <= 2  # a killed command's last request may be under way
    assert other.log == []
    assert not any(path.startswith("/private/") for path, *_ in site.log)
    assert not any("annexe" in path or "press" in path for path, *_ in site.log)

    before = len(site.log)
    again = fetch(manifest, folder)
    assert "30 there already, 10 failed" in again.stderr
    asked = {path for path, *_ in site.log[before:]}
    assert not {f"/uploads/{slug(published.reports[key].unit)}.pdf" for key in published.good} & (
        asked
    )

    run_and_look(folder, published, tmp_path, again.stderr)

    # A month later: a corrected PDF under another name, an HTML page with other words and one with
    # other furniture only, one report taken away, one put where there was none.
    keys = [row["id"] for row in published.rows]
    pages = site.pages
    corrected, html, furniture, gone, come = (keys[n] for n in (3, 15, 16, 23, 30))
    units = {key: published.reports[key].unit for key in keys}
    new = f"/uploads/{slug(units[corrected])}-v2.pdf"
    pages[new] = Page(as_pdf(invent(103)), "application/pdf")
    pages[f"/document/{slug(units[corrected])}"] = Page(
        landing(units[corrected], new, note=" This is a corrected version.")
    )
    report = published.reports[html]
    changed = html_report(report, nonce="2").replace(b"Foreword", b"Foreword, amended,")
    pages[f"/document/{slug(units[html])}"] = Page(changed)
    for number in (14, 16, 17, 18, 19):
        pages[f"/document/{slug(units[keys[number]])}"] = Page(
            html_report(published.reports[keys[number]], nonce="3")
        )
    del pages[f"/uploads/{slug(units[gone])}.pdf"]
    pages[f"/uploads/{slug(units[come])}.pdf"] = Page(as_pdf(invent(30)), "application/pdf")

    held = {name: (folder / name).read_bytes() for name in files(folder)}
    check = fetch(manifest, folder, "--check")
    assert check.exit_code == 1, check.output

    assert f"to get them: findings fetch --manifest {manifest} --to {folder}" in check.stderr
    said = {tuple(line.split(": ")[:2]) for line in check.stdout.splitlines()}
    assert said == {("changed", corrected), ("changed", html), ("gone", gone), ("new", come)}
    assert {name: (folder / name).read_bytes() for name in files(folder)} == held
    assert fetch(manifest, folder, "--check").stdout.count("changed: ") == 2

    got = fetch(manifest, folder)
    assert f"new edition: {corrected}" in got.stderr
    rows = ledger(folder)
    assert rows[corrected]["edition"] == rows[html]["edition"] == "2"
    assert rows[corrected]["corrected"] == "yes"
    assert rows[furniture]["edition"] == "1"
    assert rows[come]["status"] == "fetched"
    assert rows[gone]["status"] == "gone"
    assert (folder / rows[gone]["file"]).is_file()
    for key in (corrected, html):
        earlier = folder / rows[key]["earlier"]
        assert earlier.read_bytes() == held[rows[key]["file"]]
    quiet = fetch(manifest, folder, "--check")
    assert quiet.stdout == ""


def run_and_look(folder, published, tmp_path, said):
    """`findings run` takes the folder as it is, its ledger is no table that lies about in it."""
    assert "next: findings run" not in said  # nothing has come
    done = RUNNER.invoke(
        app,
        [*("run", str(folder), "--out", str(tmp_path / "run")), "--formats", "md", "--no-encoder"],
    )
    assert done.exit_code == 0, done.output
    assert "30 documents read; 0 failed" in done.stderr
    assert "left aside" not in done.stderr


def test_a_download_that_broke_off_goes_on_where_it_stopped(site, tmp_path):
    manifest, report = one(site, tmp_path)
    name = slug(report.unit)
    data = as_pdf(report)
    site.pages[f"/document/{name}"] = Page(landing(report.unit, f"/uploads/{name}.pdf"))
    site.pages[f"/uploads/{name}.pdf"] = Page(data, "application/pdf", faults=["cut"])
    assert fetch(manifest, tmp_path / "to", "--attempts", "1").exit_code == 1
    part = next((tmp_path / "to" / ".fetch").glob("*.part"))
    assert part.stat().st_size == len(data) // 2
    assert fetch(manifest, tmp_path / "to").exit_code == 0
    assert [entry[2] for entry in site.log if entry[0].endswith(".pdf")] == [200, 206]
    assert (tmp_path / "to" / f"{name}-pdu-2023.pdf").read_bytes() == data


def test_two_editions_are_never_sewn_together(site, tmp_path):
    manifest, report = one(site, tmp_path)
    name = slug(report.unit)
    later = as_pdf(invent(7))
    site.pages[f"/document/{name}"] = Page(landing(report.unit, f"/uploads/{name}.pdf"))
    site.pages[f"/uploads/{name}.pdf"] = Page(as_pdf(report), "application/pdf", faults=["cut"])
    fetch(manifest, tmp_path / "to", "--attempts", "1")
    site.pages[f"/uploads/{name}.pdf"] = Page(later, "application/pdf")
    assert fetch(manifest, tmp_path / "to").exit_code == 0
    assert (tmp_path / "to" / f"{name}-pdu-2023.pdf").read_bytes() == later


def test_a_server_that_cannot_go_on_is_asked_for_all_of_it(site, tmp_path):
    manifest, report = one(site, tmp_path)
    name = slug(report.unit)
    site.pages[f"/document/{name}"] = Page(landing(report.unit, f"/uploads/{name}.pdf"))
    site.pages[f"/uploads/{name}.pdf"] = Page(
        as_pdf(report), "application/pdf", faults=["cut"], ranges=False
    )
    assert fetch(manifest, tmp_path / "to").exit_code == 0
    assert [entry[2] for entry in site.log if entry[0].endswith(".pdf")] == [200, 200]


def test_a_document_that_drips_is_given_up_and_kept(site, tmp_path):
    manifest, report = one(site, tmp_path)
    name = slug(report.unit)
    site.pages[f"/document/{name}"] = Page(landing(report.unit, f"/uploads/{name}.pdf"))
    site.pages[f"/uploads/{name}.pdf"] = Page(as_pdf(report), "application/pdf", faults=["drip"])
    done = fetch(manifest, tmp_path / "to", "--seconds", "0.3")
    assert "took longer than 0.3 seconds" in done.stderr
    assert next((tmp_path / "to" / ".fetch").glob("*.part")).stat().st_size > 0


def test_a_pdf_of_unsaid_length_that_is_cut_is_refused(site, tmp_path):
    manifest, report = one(site, tmp_path, address="/uploads/a.pdf")
    page = Page(as_pdf(report)[:3000], "application/pdf", measured=False)
    site.pages["/uploads/a.pdf"] = page
    assert "is cut short" in fetch(manifest, tmp_path / "to").stderr


def test_the_client_names_itself_waits_and_keeps_to_the_delay_of_robots(site, tmp_path):
    manifest, report = one(site, tmp_path)
    name = slug(report.unit)
    rules = b"User-agent: probation-findings\nCrawl-delay: 0.4\nAllow: /\n"
    site.pages["/robots.txt"] = Page(rules, "text/plain")
    site.pages[f"/document/{name}"] = Page(landing(report.unit, f"/uploads/{name}.pdf"))
    site.pages[f"/uploads/{name}.pdf"] = Page(as_pdf(report), "application/pdf")
    done = fetch(manifest, tmp_path / "to", "--contact", "analyst@example.org")
    assert done.exit_code == 0, done.output
    times = [entry[3] for entry in site.log]
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.35
    agents = {entry[1]["user-agent"] for entry in site.log}
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("probation-findings/")
    assert "analyst@example.org" in agent


def test_a_server_that_wants_an_hour_of_peace_is_asked_nothing_more(site, tmp_path):
    rows = []
    for number in (1, 2, 3):
        report = invent(number, bullets=1)
        rows.append(
            {
                "id": f"{slug(report.unit)}-pdu-2023",
                "unit": report.unit,
                "address": f"/document/{number}",
            }
        )
        site.pages[f"/document/{number}"] = Page(
            b"busy", "text/plain", status=429, headers={"Retry-After": "3600"}
        )
    manifest = manifest_of(site, rows, tmp_path / "manifest.csv")
    done = fetch(manifest, tmp_path / "to")
    assert done.stderr.count("left alone for 3600 seconds") == 3
    assert [entry[0] for entry in site.log] == ["/robots.txt", "/document/1"]


@pytest.mark.parametrize("status", [500, 503])
def test_a_site_whose_robots_cannot_be_read_is_not_asked(site, tmp_path, status):
    manifest, _ = one(site, tmp_path)
    site.pages["/robots.txt"] = Page(status=status)
    done = fetch(manifest, tmp_path / "to")
    assert "robots.txt of the site cannot be read" in done.stderr
    assert {entry[0] for entry in site.log} == {"/robots.txt"}


def test_a_host_is_followed_once_it_is_named(site, other, tmp_path):
    manifest, report = one(site, tmp_path)
    name = slug(report.unit)
    elsewhere = other.address.replace("127.0.0.1", "localhost")
    site.pages[f"/document/{name}"] = Page(landing(report.unit, f"{elsewhere}/report.pdf"))
    host = elsewhere.removeprefix("http://")
    refused = fetch(manifest, tmp_path / "to")
    assert f"give --host {host}" in refused.stderr
    assert other.log == []
    assert fetch(manifest, tmp_path / "to", "--host", host).exit_code == 0
    assert other.asked("/robots.txt") == 1


def test_a_certificate_that_nobody_signed_is_refused(tmp_path):
    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Site(context=context) as secure:
        manifest, _ = one(secure, tmp_path)
        done = fetch(manifest, tmp_path / "to")
    assert done.exit_code == 1
    assert "certificate is not accepted" in done.stderr
    assert secure.log == []


def test_a_step_from_https_down_to_http_is_refused(site, tmp_path, monkeypatch):
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with authority.cert_pem.tempfile() as bundle, Site(context=context) as secure:
        monkeypatch.setenv("SSL_CERT_FILE", bundle)
        manifest, report = one(secure, tmp_path)
        down = {"Location": f"{site.address}/a.pdf", "Content-Length": "0"}
        secure.pages[f"/document/{slug(report.unit)}"] = Page(status=302, headers=down)
        host = site.address.removeprefix("http://")
        done = fetch(manifest, tmp_path / "to", "--host", host)
    assert "redirects from https to http" in done.stderr, done.stderr
    assert site.log == []


def test_no_password_reaches_ledger_output_or_another_page(site, tmp_path):
    host = site.address.removeprefix("http://")
    secret = f"http://clerk:hunter2@{host}/document/x?token=abc123&p=7"
    manifest, report = one(site, tmp_path, address=secret)
    site.pages["/document/x?token=abc123&p=7"] = Page(landing(report.unit, "/uploads/a.pdf"))
    site.pages["/uploads/a.pdf"] = Page(as_pdf(report), "application/pdf", faults=["cut", 404])
    first = fetch(manifest, tmp_path / "to", "--attempts", "1")
    failed = fetch(manifest, tmp_path / "to", "--attempts", "1")
    done = fetch(manifest, tmp_path / "to", "--attempts", "1")
    listed = RUNNER.invoke(
        app, ["fetch", "--manifest", str(manifest), "--to", str(tmp_path / "to"), "--list"]
    )
    assert (failed.exit_code, done.exit_code) == (1, 0)
    assert "basic" in site.log[1][1]["authorization"].lower()
    assert "authorization" not in site.log[-1][1]
    everything = first.output + failed.output + done.output + listed.output
    for place in (tmp_path / "to").rglob("*"):
        if place.is_file() and place.suffix != ".pdf":
            everything += place.read_text(encoding="utf-8")
    assert "hunter2" not in everything
    assert "abc123" not in everything
    assert "p=7" in everything


def test_a_file_that_somebody_changed_is_not_overwritten(site, tmp_path):
    manifest, report = one(site, tmp_path, address="/uploads/a.pdf")
    site.pages["/uploads/a.pdf"] = Page(as_pdf(report), "application/pdf")
    folder = tmp_path / "to"
    assert fetch(manifest, folder).exit_code == 0
    mine = next(folder.glob("*.pdf"))
    mine.write_bytes(b"%PDF- annotated by hand")
    done = fetch(manifest, folder)
    assert done.exit_code == 1
    assert "is not overwritten" in done.stderr
    assert mine.read_bytes() == b"%PDF- annotated by hand"
    mine.unlink()
    assert fetch(manifest, folder).exit_code == 0


def test_a_file_put_there_by_hand_is_taken_up(site, tmp_path):
    manifest, report = one(site, tmp_path)
    folder = tmp_path / "to"
    folder.mkdir()
    (folder / f"{slug(report.unit)}-pdu-2023.pdf").write_bytes(as_pdf(report))
    done = fetch(manifest, folder)
    assert done.exit_code == 0
    assert "1 there already" in done.stderr
    assert site.log == []


def test_another_hash_than_the_manifests_is_said(site, tmp_path):
    manifest, report = one(site, tmp_path, address="/uploads/a.pdf", sha256="0" * 64)
    site.pages["/uploads/a.pdf"] = Page(as_pdf(report), "application/pdf")
    done = fetch(manifest, tmp_path / "to")
    assert "another SHA-256" in done.stderr
    assert next(iter(ledger(tmp_path / "to").values()))["known"] == "no"


def test_two_commands_do_not_fetch_into_one_folder(site, tmp_path):
    manifest, _ = one(site, tmp_path)
    asked, go_on = threading.Event(), threading.Event()
    site.when_asked = lambda path: (asked.set(), go_on.wait(60))
    first = threading.Thread(target=fetch, args=(manifest, tmp_path / "to", "--timeout", "90"))
    first.start()
    assert asked.wait(60)
    second = fetch(manifest, tmp_path / "to")
    go_on.set()
    first.join()
    assert "another command is fetching" in str(second.exception)


def test_damaged_records_are_said_and_files_recognised(site, tmp_path):
    manifest, report = one(site, tmp_path, address="/uploads/a.pdf")
    site.pages["/uploads/a.pdf"] = Page(as_pdf(report), "application/pdf")
    folder = tmp_path / "to"
    fetch(manifest, folder)
    state = folder / ".fetch" / "state.json"
    state.write_text(state.read_text()[:50])
    assert "damaged" in str(fetch(manifest, folder).exception)
    state.unlink()
    assert "1 there already" in fetch(manifest, folder).stderr


@pytest.mark.parametrize("moved", [False, True])
def test_a_command_killed_between_note_and_file_is_put_right(site, tmp_path, moved):
    manifest, report = one(site, tmp_path, address="/uploads/a.pdf")
    site.pages["/uploads/a.pdf"] = Page(as_pdf(report), "application/pdf")
    folder = tmp_path / "to"
    fetch(manifest, folder)
    state = folder / ".fetch" / "state.json"
    raw = json.loads(state.read_text())
    (key,) = raw["records"]
    raw["records"][key]["status"] = "placing"
    state.write_text(json.dumps(raw))
    if not moved:
        shutil.move(folder / f"{key}.pdf", folder / ".fetch" / f"{key}.part")
    before = len(site.log)
    assert "1 there already" in fetch(manifest, folder).stderr
    assert len(site.log) == before
    assert files(folder) == {f"{key}.pdf"}


def another_edition(site, manifest, folder, number, *, kind="pdf"):
    """Publish another edition, find it with a check and return its bytes, not yet fetched."""
    made = as_pdf(invent(number)) if kind == "pdf" else html_report(invent(number), nonce="1")
    site.pages["/uploads/a.pdf"] = Page(made, *(["application/pdf"] if kind == "pdf" else []))
    fetch(manifest, folder, "--check")
    return made


@pytest.mark.parametrize("ours", ["there", "deleted"])
def test_a_file_of_the_users_is_not_overwritten_where_a_report_changes_its_kind(
    site, tmp_path, ours
):
    manifest, report = one(site, tmp_path, address="/uploads/a.pdf")
    site.pages["/uploads/a.pdf"] = Page(as_pdf(report), "application/pdf")
    folder = tmp_path / "to"
    fetch(manifest, folder)
    (held,) = folder.glob("*.pdf")
    mine = held.with_suffix(".html")
    mine.write_bytes(b"notes of mine")
    another_edition(site, manifest, folder, 1, kind="html")
    if ours == "deleted":
        held.unlink()
    done = fetch(manifest, folder)
    assert done.exit_code == 1
    assert f"{mine.name} is there but is not what was fetched" in done.stderr
    assert mine.read_bytes() == b"notes of mine"
    assert held.exists() == (ours == "there")
    mine.unlink()
    assert fetch(manifest, folder).exit_code == 0
    assert files(folder) == {mine.name}


def test_editions_go_on_to_be_counted_where_the_records_were_moved_away(site, tmp_path):
    manifest, report = one(site, tmp_path, address="/uploads/a.pdf")
    site.pages["/uploads/a.pdf"] = Page(as_pdf(report), "application/pdf")
    folder = tmp_path / "to"
    fetch(manifest, folder)
    editions = [as_pdf(report)]
    for number in (2, 3, 4):
        editions.append(another_edition(site, manifest, folder, number))
        assert fetch(manifest, folder).exit_code == 0
        (folder / ".fetch" / "state.json").unlink()
        assert "1 there already" in fetch(manifest, folder).stderr
    (row,) = ledger(folder).values()
    assert row["edition"] == "4"
    earlier = [folder / name for name in row["earlier"].split("; ")]
    assert [path.read_bytes() for path in earlier] == editions[:3]
    assert (folder / row["file"]).read_bytes() == editions[3]


@pytest.mark.parametrize("version", ["this", "before"])
@pytest.mark.parametrize("meanwhile", ["nothing", "a file of that name"])
def test_a_command_killed_before_the_move_takes_its_own_file_only(
    site, tmp_path, monkeypatch, meanwhile, version
):
    manifest, report = one(site, tmp_path, address="/uploads/a.pdf")
    site.pages["/uploads/a.pdf"] = Page(as_pdf(report), "application/pdf")
    folder = tmp_path / "to"
    fetch(manifest, folder)
    (held,) = folder.glob("*.pdf")
    kept = {held.with_suffix(end): end.encode() for end in (".aaa", ".docx", ".txt")}
    for path, data in kept.items():
        path.write_bytes(data)
    new = another_edition(site, manifest, folder, 1, kind="html")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FetchFolder, "_move", killed)
        assert fetch(manifest, folder).exit_code != 0
    if version == "before":  # it did not note what is replaced
        state = folder / ".fetch" / "state.json"
        raw = json.loads(state.read_text())
        assert raw["records"][held.stem].pop("replaces") == held.name
        state.write_text(json.dumps(raw))
    if meanwhile != "nothing":
        kept[held.with_suffix(".html")] = b"mine"
        held.with_suffix(".html").write_bytes(b"mine")
    done = fetch(manifest, folder)
    assert ("is not overwritten" in done.stderr) == (meanwhile != "nothing")
    aside = folder / ".fetch" / "earlier" / f"{held.stem}-1.pdf"
    assert aside.read_bytes() == as_pdf(report)
    assert {path: path.read_bytes() for path in kept} == kept
    assert not held.exists()
    if meanwhile == "nothing":
        assert held.with_suffix(".html").read_bytes() == new


def test_settings_are_checked(site, tmp_path):
    manifest, _ = one(site, tmp_path)
    wrong = fetch(manifest, tmp_path / "to", "--host", "https://example.org/")
    assert "expected the name of a host" in str(wrong.exception)
    assert "expected a month or a year" in str(
        fetch(manifest, tmp_path / "to", "--since", "March").exception
    )
    assert "--unit 'Atlantis': the manifest has " in str(
        fetch(manifest, tmp_path / "to", "--unit", "Atlantis").exception
    )
    file = tmp_path / "file"
    file.touch()
    assert "expected a folder" in str(fetch(manifest, file).exception)


def test_units_and_regions_are_known_by_a_start_in_any_case(site, tmp_path):
    rows = [
        {"id": "kirk-pdu-2023", "unit": "Kirk", "region": "Eastvale"},
        {"id": "moss-pdu-2023", "unit": "Moss", "region": "Eastmoor"},
    ]
    manifest = manifest_of(site, rows, tmp_path / "manifest.csv")
    listing = ("--list", "--format", "csv")
    assert "kirk-pdu-2023" in fetch(manifest, tmp_path, *listing, "--region", "EASTV").stdout
    assert "moss-pdu" not in fetch(manifest, tmp_path, *listing, "--unit", "kirk pdu").stdout
    either = fetch(manifest, tmp_path, *listing, "--region", "east")
    assert "may be Eastmoor, Eastvale" in str(either.exception)


def test_the_missing_extra_is_named(monkeypatch, site, tmp_path):
    monkeypatch.setitem(sys.modules, "httpx2", None)
    manifest, _ = one(site, tmp_path)
    assert "[fetch]" in str(fetch(manifest, tmp_path / "to").exception)
    assert not (tmp_path / "to").exists()


def test_several_reports_on_one_page_are_not_guessed_between(site, tmp_path):
    manifest, report = one(site, tmp_path)
    page = landing(report.unit, "/uploads/a.pdf").replace(
        b"<ul>", f'<ul><li><a href="/uploads/b.pdf">Report on {report.unit}</a></li>'.encode()
    )
    site.pages[f"/document/{slug(report.unit)}"] = Page(page)
    done = fetch(manifest, tmp_path / "to")
    assert "2 links may lead to the report" in done.stderr


def test_a_check_reads_lists_of_publications_for_what_no_manifest_has(site, tmp_path):
    manifest, report = one(site, tmp_path)
    name = slug(report.unit)
    site.pages[f"/document/{name}"] = Page(landing(report.unit, f"/uploads/{name}.pdf"))
    site.pages[f"/uploads/{name}.pdf"] = Page(as_pdf(report), "application/pdf")
    assert fetch(manifest, tmp_path / "to").exit_code == 0

    def entry(unit, more=""):
        words = f"An inspection of probation services in {unit} PDU{more}"
        return f'<p><a href="/document/{slug(unit)}{slug(more)}/">{words}</a></p>'

    first = entry(report.unit) + entry("Moss") + entry("Moss", " data annexe")
    site.pages["/reports"] = Page(furnished(first + '<a href="/reports/2">Next</a>', "Reports"))
    last = entry("Tarn") + '<p><a href="/about/inspection-of-what">The inspection of what?</a></p>'
    site.pages["/reports/2"] = Page(furnished(last + '<a href="/reports">Next</a>', "Reports"))
    address = f"{site.address}/reports"
    done = fetch(manifest, tmp_path / "to", "--check", "--index", address)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        f"not in the manifest: An inspection of probation services in {unit} PDU: "
        f"{site.address}/document/{slug(unit)}/"
        for unit in ("Moss", "Tarn")
    ]
    off = fetch(manifest, tmp_path / "to", "--check", "--index", "http://localhost:9/reports")
    assert off.exit_code == 1
    assert "not on the list" in off.stderr
    alone = fetch(manifest, tmp_path / "to", "--index", address)
    assert "--index is for --check" in str(alone.exception)


def test_an_error_of_ours_keeps_its_remedy():
    error = UnreadableDocument("reason", remedy="remedy")
    assert str(error) == "reason; remedy"
