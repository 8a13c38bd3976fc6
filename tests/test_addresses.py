"""Sources behind addresses of the web; what opens an address is written nowhere."""

from __future__ import annotations

import http.server
import io
import threading
import zipfile

import pytest

import invented
from forked import called
from pipelines import columns as c
from pipelines.flow import read_into
from pipelines.flow.sources.addresses import public, scrubbed
from pipelines.flow.sources.find import find_sources

SECRETS = ("hunter2", "s3cr3tsig", "bearertoken", "aladdin")


class Pages(http.server.BaseHTTPRequestHandler):
    page = b""

    def do_GET(self):
        for status in (401, 403, 404, 410, 500, 503):
            if str(status) in self.path:
                self.send_error(status)
                return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(self.page)

    do_HEAD = do_GET  # noqa: N815 - as the library calls it

    def log_message(self, *_):
        pass


@pytest.fixture
def web():
    pytest.importorskip("aiohttp", reason="the extra [s3] is not installed")
    page = invented.as_html(invented.invent(3, bullets=1))
    page = page if isinstance(page, bytes) else page.encode()
    Pages.page = page.replace(b"</body>", b"<a href='/other.html'>other</a></body>")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.mark.parametrize("path", ["report.html", "reports/a-unit/", "reports/a-unit", "?id=3"])
def test_a_page_of_the_web_is_one_source(web, path, tmp_path):
    done = read_into(f"http://{web}/{path}", tmp_path / "out")
    assert done.summary.read == 1
    assert done.summary.findings == 14


@pytest.mark.parametrize("name", ["a.pdf", None])
def test_what_is_called_a_zip_is_told_by_its_content_where_it_cannot_be_listed(
    web, tmp_path, monkeypatch, name
):
    """Not by what begins in it: a PDF is stored as it is, within the first bytes."""
    done = read_into(f"http://{web}/report.zip", tmp_path / "page")
    assert (done.summary.read, done.summary.findings) == (1, 14)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        if name:
            archive.writestr(name, b"%PDF-1.7\n" + Pages.page)
    monkeypatch.setattr(Pages, "page", packed.getvalue())  # from a server that knows no ranges
    (reason,) = read_into(f"http://{web}/report.zip", tmp_path / "zip").ledger[c.REASON]
    assert "download it, name it .zip and give the file" in reason


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "asks for a login"),
        (403, "you may not have it"),
        (404, "there is no such page"),
        (410, "the page is gone"),
        (500, "an error of its own"),
        (503, "try again later"),
    ],
)
def test_what_a_server_refuses_is_said(web, status, said, tmp_path):
    done = read_into(f"http://{web}/{status}.html", tmp_path / "out", cache=None)
    (reason,) = done.ledger[c.REASON]
    assert said in reason


def test_a_server_that_is_not_there_is_said(tmp_path):
    done = read_into("http://127.0.0.1:1/report.html", tmp_path / "out", cache=None)
    assert "the server cannot be reached" in done.ledger[c.REASON][0]


def test_what_opens_an_address_is_written_nowhere(web, tmp_path):
    address = f"http://aladdin:hunter2@{web}/report.html?X-Amz-Signature=s3cr3tsig#bearertoken"
    broken = address.replace("report", "403")
    words = [address, broken, "--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    ended = called("-v", "run", *words, "--csv")
    assert "1 document read; 1 failed" in ended.stderr
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 20
    for secret in SECRETS:
        assert secret not in ended.stderr + ended.stdout
        for path in written:
            assert secret.encode() not in path.read_bytes(), path
            assert secret not in path.name


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("s3://key:secret@bucket/a/b.pdf", "s3://bucket/a/b.pdf"),
        ("https://h/a.pdf?sig=x&se=y#z", "https://h/a.pdf"),
        ("zip://a.pdf::s3://u:p@bucket/b.zip?v=1", "zip://a.pdf::s3://bucket/b.zip"),
        ("sftp://me:p%40ss@host/a", "sftp://host/a"),
        ("ftp://me@host/a", "ftp://host/a"),
        ("s3://bucket/a b.pdf", "s3://bucket/a b.pdf"),
        ("https://h/?id=3", "https://h/"),
        ("http://u:p@ss@h/x", "http://h/x"),
    ],
)
def test_an_address_is_shown_without_what_opens_it(address, shown):
    assert public(address) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Cannot open https://aladdin:hunter2@h/x?sig=s3cr3tsig: refused",
        "login of aladdin with hunter2 failed",
        "Authorization: Bearer bearertoken",
        "403 for url('https://h/x?X-Amz-Credential=s3cr3tsig&token=bearertoken')",
        "aws_secret_access_key... secret=hunter2, key: s3cr3tsig",
        "password='hunter2'",
    ],
)
def test_what_a_library_says_is_scrubbed(text):
    address = "https://aladdin:hunter2@h/x?sig=s3cr3tsig&t=bearertoken"
    assert not any(secret in scrubbed(text, address) for secret in SECRETS)


def test_an_address_that_is_nothing_is_said_without_its_secrets():
    (source,) = find_sources("file://aladdin:hunter2@/nowhere/x.pdf")
    assert "hunter2" not in source.path + source.place + source.problem
