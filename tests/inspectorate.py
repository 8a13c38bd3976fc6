"""A site such as an inspectorate's, on this machine: its forms of pages, and its faults.

It speaks real HTTP on the loopback. Reports and units are invented.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipelines.manifest import COLUMNS
from tests.invented import Report, as_html, as_pdf, invent

MODIFIED = "Tue, 04 Feb 2025 10:00:00 GMT"


@dataclass
class Page:
    """What stands at a path, and how it is given out.

    `faults` are used up, one a request, before the page itself is given: a status, or `cut`,
    `hang`, `drip`.
    """

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    faults: list[str | int] = field(default_factory=list)
    measured: bool = True
    named: bool = True  # has an ETag
    endless: bool = False
    ranges: bool = True


class Site:
    """A running server; a context manager."""

    def __init__(self, *, context=None) -> None:
        self.pages: dict[str, Page] = {"/robots.txt": Page(status=404)}
        self.log: list[tuple[str, dict[str, str], int, float]] = []
        self.sent: dict[str, int] = {}
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.when_asked = lambda path: None
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_args):
                pass

            def handle(self):
                try:
                    super().handle()
                except (BrokenPipeError, ConnectionResetError):  # whoever asked was killed
                    self.close_connection = True

            def do_GET(self):
                with site.lock:
                    site.at_once += 1
                    site.most_at_once = max(site.most_at_once, site.at_once)
                try:
                    _answer(site, self)
                finally:
                    with site.lock:
                        site.at_once -= 1

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        scheme = "https" if context else "http"
        self.address = f"{scheme}://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Site:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error) -> None:
        self.server.shutdown()
        self.server.server_close()

    def asked(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(1 for entry in self.log if entry[0] == path)


def _answer(site: Site, handler: BaseHTTPRequestHandler) -> None:
    path = handler.path
    page = site.pages.get(path, Page(b"<h1>Page not found</h1>", status=404))
    with site.lock:
        fault = page.faults.pop(0) if page.faults else ""
    etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
    asked = {name.lower(): value for name, value in handler.headers.items()}
    site.when_asked(path)
    headers = {"Content-Type": page.kind, **page.headers}
    status, body = page.status, page.body
    if isinstance(fault, int):
        status, body = fault, b"busy"
        headers = {"Content-Type": "text/plain", **page.headers}
    elif status == 200 and page.named:
        headers |= {"ETag": etag, "Last-Modified": MODIFIED}
        if asked.get("if-none-match") == etag:
            status, body = 304, b""
        match = re.fullmatch(r"bytes=(\d+)-", asked.get("range", ""))
        if match and page.ranges and asked.get("if-range") == etag:
            first = int(match[1])
            if first < len(body):
                headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
                status, body = 206, body[first:]
            else:
                status, body = 416, b""
    with site.lock:
        site.log.append((path, asked, status, time.monotonic()))
    if fault == "hang":
        with site.lock:  # whoever asked gives up before this ends, and may ask again
            site.at_once -= 1
        time.sleep(1.5)
        with site.lock:
            site.at_once += 1
        handler.close_connection = True
        return
    if page.endless:
        _endlessly(handler, headers)
        return
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    if page.measured and "Content-Length" not in headers:
        handler.send_header("Content-Length", str(len(body)))
    elif not page.measured:
        handler.close_connection = True
        handler.send_header("Connection", "close")
    handler.end_headers()
    if fault == "cut":
        body = body[: len(body) // 2]
        handler.close_connection = True
    if fault == "drip":
        for byte in body:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.02)
    handler.wfile.write(body)
    with site.lock:
        site.sent[path] = site.sent.get(path, 0) + len(body)


def _endlessly(handler: BaseHTTPRequestHandler, headers: dict[str, str]) -> None:
    """Send pieces without saying how many there will be."""
    handler.send_response(200)
    for name, value in {**headers, "Transfer-Encoding": "chunked"}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.close_connection = True
    for _ in range(10_000):
        handler.wfile.write(b"4000\r\n" + b"%PDF-1.7 " + b"x" * (0x4000 - 9) + b"\r\n")


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def furnished(inner: str, title: str, *, nonce: str = "1") -> bytes:
    """Put a page's own part into the furniture of the site, which changes with every visit."""
    return f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{title} - Inspectorate</title>
<script nonce="{nonce}">var visit = "{nonce}";</script></head><body>
<div id="cookies"><form><p>Are cookies welcome?</p><button>Yes</button></form></div>
<header><nav><a href="/about">About us</a> <a href="/document/an-inspection-manual.pdf">Manual</a>
</nav></header>
<main><h1>{title}</h1>
{inner}
</main>
<footer><a href="/document/annual-report.pdf">Annual report</a> <p>Visit {nonce}</p></footer>
</body></html>
""".encode()


def landing(unit: str, report: str, *, note: str = "", link: str = "") -> bytes:
    """Write a landing page: title, a line, the report among other links."""
    words = link or f"An inspection of probation services in {unit} PDU (PDF, 1 MB)"
    return furnished(
        f"""<p>The report on this unit.{note}</p>
<ul><li><a href="{report}">{words}</a></li>
<li><a href="/uploads/{slug(unit)}-data-annexe.pdf">Data annexe</a></li>
<li><a href="/document/press-release-{slug(unit)}">Press release</a></li>
<li><a href="mailto:media@example.org">Ask us</a></li></ul>""",
        f"An inspection of probation services in {unit} PDU",
    )


def html_report(report: Report, *, nonce: str = "1") -> bytes:
    """Write a report as the site has published them since 2025."""
    inner = as_html(report).decode().partition("<main>")[2].partition("</main>")[0]
    inner = re.sub(r"</h([2-4])>", r" (Back to top)</h\1>", inner)
    title = f"An inspection of probation services in {report.unit} PDU"
    return furnished(inner, title, nonce=nonce)


def manifest_of(site: Site, rows: list[dict[str, str]], path: Path) -> Path:
    """Write a manifest of invented inspections."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        address = row.get("address", "")
        full = f"{site.address}{address}" if address.startswith("/") else address
        common = {"unit_type": "pdu", "framework": "pdu-2023", "region": "Eastvale"}
        writer.writerow({**common, "basis": "seen", **row, "address": full})
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@dataclass
class Published:
    """The 40 inspections of a site: which can be had, and which cannot."""

    rows: list[dict[str, str]]
    reports: dict[str, Report]
    good: set[str]
    bad: dict[str, str]  # id -> a part of the reason that the ledger must give


def publish(site: Site, other: Site) -> Published:
    """Put 40 inspections on a site, in every form and with every fault."""
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /private/\n", "text/plain")
    out = Published([], {}, set(), {})
    for number in range(40):
        report = invent(number, bullets=1, paragraphs=2)
        name = slug(report.unit)
        key = f"{name}-pdu-2023"
        pdf = f"/uploads/{name}.pdf"
        address = f"/document/{name}"
        out.reports[key] = report
        site.pages[address] = Page(landing(report.unit, pdf))
        site.pages[pdf] = Page(as_pdf(report) if number < 30 else b"", "application/pdf")
        reason = ""
        match number:
            case 14 | 15 | 16 | 17 | 18 | 19:
                site.pages[address] = Page(html_report(report))
            case 20:
                both = [invent(n, bullets=1, paragraphs=2) for n in (20, 21)]
                links = "".join(
                    f'<p><a href="/uploads/{slug(r.unit)}.pdf">{r.unit} report</a></p>'
                    for r in both
                )
                address = "/news/two-units"
                site.pages[address] = Page(furnished(links, "Two units inspected"))
            case 21:
                address = "/news/two-units"
            case 22:
                address = f"/?p={number}"
                site.pages[address] = Page(
                    status=301, headers={"Location": f"/document/{name}", "Content-Length": "0"}
                )
            case 23:
                address = pdf
            case 24:
                site.pages[pdf].faults = [429]
                site.pages[pdf].headers = {"Retry-After": "0"}
            case 25:
                site.pages[pdf].faults = [500, 500]
            case 26:
                site.pages[pdf].faults = ["cut"]
            case 27:
                site.pages[pdf].faults = ["hang"]
            case 28:
                site.pages[address].faults = [503]
                site.pages[address].headers = {"Retry-After": formatdate(usegmt=True)}
            case 29:
                site.pages[pdf].measured = False
            case 30:
                del site.pages[pdf]
                reason = "status 404"
            case 31:
                site.pages[pdf].body = b"PK\x03\x04 word/document.xml" + b"\0" * 100
                reason = "a Word document"
            case 32:
                site.pages[pdf].headers = {"Content-Length": "900000000"}
                reason = "too large: 900,000,000 bytes"
            case 33:
                site.pages[pdf].endless = True
                reason = "too large"
            case 34:
                elsewhere = other.address.replace("127.0.0.1", "localhost")
                target = {"Location": f"{elsewhere}/report.pdf", "Content-Length": "0"}
                site.pages[pdf] = Page(status=302, headers=target)
                reason = "not on the list"
            case 35:
                target = {"Location": "file:///etc/hostname", "Content-Length": "0"}
                site.pages[pdf] = Page(status=302, headers=target)
                reason = "kind file: is not followed"
            case 36:
                login = '<form><input name="u"><input type="password" name="p"></form>'
                site.pages[pdf] = Page(furnished(login, "Sign in"))
                reason = "a login page"
            case 37:
                address = f"/private/{name}.pdf"
                site.pages[address] = Page(as_pdf(report), "application/pdf")
                reason = "robots.txt of the site forbids it"
            case 38:
                site.pages[address] = Page(html_report(invent(1)))
                reason = "does not name"
            case 39:
                target = {"Location": address, "Content-Length": "0"}
                site.pages[address] = Page(status=302, headers=target)
                reason = "more than 5 redirects"
        if reason:
            out.bad[key] = reason
        else:
            out.good.add(key)
        published = f"{report.year}-{report.month:02d}"
        row = {"id": key, "unit": report.unit, "region": report.region, "published": published}
        out.rows.append({**row, "address": address})
    return out
