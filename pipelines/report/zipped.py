"""Word and Excel files are zip archives that carry the clock; these carry the report's date."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

_FIRST: Final = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip entry can have
_STAMP: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def settled(data: bytes, *, written: str) -> bytes:
    """Rewrite an Office file so that the same content gives the same bytes on any day.

    Args:
        data: The file as its library wrote it.
        written: The report's date, `YYYY-MM-DD`, put in place of the times of writing.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + f"{written}T00:00:00Z".encode(), content)
            entry = zipfile.ZipInfo(name, _FIRST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()
