"""Text for scanned pages: the only door to OCR, which is an optional extra.

Either `ocrmypdf` (installed by the extra, it needs Tesseract from the system) or nothing: a scan
is then refused with the remedy named.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from pipelines.errors import UnreadableDocument


def ocr_available() -> bool:
    """Whether scans can be read on this machine."""
    return shutil.which("tesseract") is not None and (
        find_spec("ocrmypdf") is not None or shutil.which("ocrmypdf") is not None
    )


def add_text_layer(data: bytes, *, seconds: float) -> bytes:
    """Return the PDF with a text layer recognised from its pictures.

    Args:
        data: The scanned PDF.
        seconds: Time after which recognition is given up.

    Raises:
        UnreadableDocument: Recognition failed or took too long.
    """
    command = (
        [sys.executable, "-m", "ocrmypdf"]
        if find_spec("ocrmypdf") is not None
        else [str(shutil.which("ocrmypdf"))]
    )
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "scan.pdf", Path(folder) / "text.pdf"
        source.write_bytes(data)
        try:
            subprocess.run(
                [*command, "--skip-text", "--quiet", "--language", "eng", source, target],
                check=True,
                capture_output=True,
                timeout=seconds,
            )
            return target.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise UnreadableDocument(
                "the PDF is a scan and its text could not be recognised",
                remedy="run OCR over it with another program and give the result",
            ) from error
