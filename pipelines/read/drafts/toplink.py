"""The link back to a page's top or contents, with which web reports end their headings.

It is kept where they are printed, saved as text, or copied.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.read.drafts.assemble import BOLD_OFF

_LINK: Final = re.compile(
    rf"[\s(\[]*\bback\s+to\s+(?:the\s+)?(?:top|contents)\b[\s)\]]*({BOLD_OFF}?)$", re.IGNORECASE
)
_REACH: Final = 40  # characters from the end of a text within which such a link stands


def without_top_link(text: str) -> tuple[str, bool]:
    """Return a text without the link that ends it, and whether it had one: only headings have."""
    if "back" not in text[-_REACH:].lower():
        return text, False
    match = _LINK.search(text)
    return (text[: match.start()] + match[1], True) if match else (text, False)
