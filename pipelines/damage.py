"""What is raised where a packed file, or a part of it, is not what it must be."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from typing import Final

PACKED: Final = (
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile raises where an archive is damaged or packed in an unusual way."""

DAMAGE: Final = (
    *PACKED,
    ArithmeticError,
    AttributeError,
    IndexError,
    OSError,
    SyntaxError,  # of XML, as lxml and the standard library say it
    TypeError,
)
"""What lxml, openpyxl and python-docx raise beside: they believe what a part says of itself."""


def damage_said(error: BaseException) -> str:
    """Name what was raised, with the library that has it: `zlib.error` says more than `error`."""
    return f"{type(error).__module__}.{type(error).__name__}".removeprefix("builtins.")
