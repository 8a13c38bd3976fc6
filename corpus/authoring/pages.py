"""Sets a source as a web page of the 2025 form, and as a tagged PDF.

The same source gives the same bytes; a PDF does so for one version of its producer and fonts, so
it carries the digest of the page it was printed from (`pdf_digest`), which can always be compared.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from functools import cache
from pathlib import Path
from typing import Final
from unittest.mock import patch

import jinja2
from markupsafe import Markup, escape

from authoring.setting import ANNEXE, Setting
from authoring.source import CALL, Finding, Source

TEMPLATES: Final = Path(__file__).parent / "templates"
_MARK: Final = "source-sha256:"


def render_html(source: Source) -> str:
    """Set as a web page in the form of 2025."""
    return _environment().get_template("web.html.j2").render(_context(source))


def render_print(source: Source) -> str:
    """Set as the page that the PDF is printed from."""
    return _environment().get_template("print.html.j2").render(_context(source))


def render_pdf(source: Source) -> bytes:
    """Print as a tagged PDF with bookmarks and footnotes (needs WeasyPrint)."""
    from weasyprint import HTML

    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    page = HTML(string=render_print(source))
    identifier = bytes.fromhex(pdf_digest(source)[:32])
    with patch.dict(os.environ, SOURCE_DATE_EPOCH="0"):  # the font subsetter stamps its fonts
        data: bytes = page.write_pdf(pdf_tags=True, pdf_identifier=identifier)
    return data


def pdf_digest(source: Source) -> str:
    """SHA-256 of the page that the PDF of the source is printed from."""
    page = _environment().get_template("print.html.j2").render(_context(source, digest=""))
    return hashlib.sha256(page.encode()).hexdigest()


def _context(source: Source, *, digest: str | None = None) -> dict[str, object]:
    keywords = _MARK + (pdf_digest(source) if digest is None else digest)
    return {"s": Setting(source), "source": source, "annexe": ANNEXE, "keywords": keywords}


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["call"] = _call
    environment.filters["slug"] = lambda t: re.sub(r"[^a-z0-9]+", "-", t.lower()).strip("-")
    return environment


def _call(finding: Finding, markup: str) -> Markup:
    """Put markup where the finding calls its footnote; a macro has escaped what is in it."""
    return Markup(markup).join(  # noqa: S704
        escape(piece) for piece in finding.text.split(CALL)
    )
