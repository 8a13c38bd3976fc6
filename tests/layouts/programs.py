"""The programs that print a page or a Word file to PDF, each with a profile of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

QUIET = subprocess.DEVNULL


def chromium_pdf(page: str, *, foot: bool = False) -> bytes:
    """Print a page of HTML with Chromium, with its own head and foot on each page or without."""
    browser = _found("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.html", Path(folder) / "out.pdf"
        source.write_text(page, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            *([] if foot else ["--no-pdf-header-footer"]),
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        _run(command, seconds=120)
        return target.read_bytes()


def libreoffice_pdf(write: Callable[[Path], object], *, tagged: bool) -> bytes:
    """Print the Word file that `write` writes to a path with LibreOffice."""
    office = _found("soffice", "libreoffice")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.docx"
        write(source)
        options = ':writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
        command = [
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            f"pdf{options if tagged else ''}",
            "--outdir",
            folder,
            str(source),
        ]
        _run(command, seconds=180)
        return (Path(folder) / "in.pdf").read_bytes()


def _found(*names: str) -> str:
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise FileNotFoundError(f"{names[0]} is not installed")
    return path


def _run(command: list[str], *, seconds: float) -> None:
    """Run a command; end all it started where it never ends, as LibreOffice does on some files."""
    with subprocess.Popen(command, stdout=QUIET, stderr=QUIET, start_new_session=True) as process:
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if code:
        raise subprocess.CalledProcessError(code, command)
