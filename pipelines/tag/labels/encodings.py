"""Which encoding a table of labels was saved in: its mark says, or its letters do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pipelines.errors import CorpusError

_PRINTED: Final = re.compile(
    r"(?<=[A-Za-z])(?:[àâéêëîïôöûüç](?![A-Z])|[’–—…])|(?<!\w)[‘“](?=\w)|(?<=[\w.,!?])”(?!\w)|"
    r"(?<=[\s\d])[–—](?=[\s\d])|…(?!\w)|£(?=\d)"
)  # signs where they are written: the old encoding that has most of them is the right one
_OLD: Final = (
    ("cp1252", "Windows-1252"),
    ("mac_roman", "Mac Roman"),
    ("cp850", "text of MS-DOS (code page 850)"),
)
_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decoded(path: Path, data: bytes) -> tuple[str, str]:
    """Return the text of a file, and what is to be said of how it was read.

    Raises:
        CorpusError: It is not text, or not of the encoding that it says it has.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ""
            except UnicodeDecodeError as error:
                raise CorpusError(
                    f"{path} is damaged: it says that it is {encoding.upper()} and is not; "
                    "save it as CSV UTF-8"
                ) from error
    if b"\0" in data[:2000]:
        encoding = _of_pairs(path, data[:2000])
        try:
            return data.decode(encoding), ""
        except UnicodeDecodeError as error:
            raise CorpusError(f"{path} is no text; save it as CSV UTF-8") from error
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    text, name = _old(data)
    if not name:
        raise CorpusError(f"{path} is neither UTF-8 nor Windows text; save it as CSV UTF-8")
    return text, f"read as {name}, as the file is not UTF-8"


def _of_pairs(path: Path, data: bytes) -> str:
    """Return the encoding in which every second byte of English is zero; a few are damage."""
    odd, even = data[1::2].count(0), data[::2].count(0)
    if max(odd, even) < len(data) // 4:
        raise CorpusError(
            f"{path} holds bytes of value zero, which no text has; "
            "open it in a spreadsheet program and save it as CSV UTF-8"
        )
    return "utf-16-le" if odd > even else "utf-16-be"


def _old(data: bytes) -> tuple[str, str]:
    """Return a text in an old encoding and the encoding's name; of what is no text, none."""
    signs, best = -1, ("", "")
    for encoding, name in _OLD:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:  # Windows lacks some signs, of which the others have letters
            signs = 0
            continue
        found = len(_PRINTED.findall(text))
        if found > signs:
            signs, best = found, (text, name)
    return best
