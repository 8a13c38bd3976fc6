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

_LAST_WORDS = 200  # characters of the last line that the program said that are worth repeating


def ocr_available() -> bool:
    """Whether scans can be read on this machine."""
    return shutil.which("tesseract") is not None and (
        find_spec("ocrmypdf") is not None or shutil.which("ocrmypdf") is not None
    )


def add_text_layer(data: bytes, *, seconds: float, anew: bool = False) -> bytes:
    """Return the PDF with a text layer recognised from its pictures.

    Pages that have text keep it, unless they are to be read `anew`, drawn as pictures. The pages
    keep their size and their pictures, so that places found in the text are places in the file
    that was given.

    Args:
        data: The scanned PDF.
        seconds: Time after which recognition is given up; a page takes two to ten seconds.
        anew: Whether the text that is there is of no use.

    Raises:
        UnreadableDocument: Recognition failed or took too long.
    """
    command = (
        [sys.executable, "-m", "ocrmypdf"]
        if find_spec("ocrmypdf") is not None
        else [str(shutil.which("ocrmypdf"))]
    )
    # A plain PDF serves to be read at once; PDF/A and smaller pictures would cost time only.
    options = [
        "--force-ocr" if anew else "--skip-text",
        "--quiet",
        "--language",
        "eng",
        "--output-type",
        "pdf",
    ]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "scan.pdf", Path(folder) / "text.pdf"
        source.write_bytes(data)
        try:
            subprocess.run(
                [*command, *options, "--optimize", "0", source, target],
                check=True,
                capture_output=True,
                timeout=seconds,
            )
            return target.read_bytes()
        except subprocess.TimeoutExpired as error:
            raise UnreadableDocument(
                f"the PDF is a scan and recognising its text took more than {seconds:g} seconds",
                remedy="give it more time with --timeout, or run OCR over it beforehand "
                "(ocrmypdf scan.pdf text.pdf)",
            ) from error
        except subprocess.CalledProcessError as error:
            lines = error.stderr.decode("utf-8", "replace").split("\n")
            # The last line says what happened; those before it, where in the program.
            said = next((line for line in reversed(lines) if line.strip()), "").strip()
            said = said[:_LAST_WORDS]
            raise UnreadableDocument(
                "the PDF is a scan and its text could not be recognised"
                + (f": {said}" * bool(said)),
                remedy="run OCR over it with another program and give the result",
            ) from error
        except OSError as error:
            raise UnreadableDocument(
                f"the PDF is a scan and its text could not be recognised: {error}",
                remedy="run OCR over it with another program and give the result",
            ) from error
