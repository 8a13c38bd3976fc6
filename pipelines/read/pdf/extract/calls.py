"""PDFium's calls with plain addresses: no object is made for each pointer that goes in or out.

Pages have thousands of such calls. The names are those of `pypdfium2.raw`; a pointer is an int,
None where there is none; what a call writes to is an array of ctypes, or an address in one.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

import pypdfium2.raw

_AT_LENGTH: Final = ("Load", "Render", "Flatten")  # other threads may run meanwhile
_CALL: Final = type(pypdfium2.raw.FPDF_LoadPage)

Known = Any  # by `pypdfium2.raw`: a call, a constant, a type


def __getattr__(name: str) -> Known:
    found = getattr(pypdfium2.raw, name)
    if isinstance(found, _CALL):
        long = any(word in name for word in _AT_LENGTH)
        types = map(_plain, (found.restype, *found.argtypes))
        made = (ctypes.CFUNCTYPE if long else ctypes.PYFUNCTYPE)(*types)
        found = made(ctypes.cast(found, ctypes.c_void_p).value or 0)
    globals()[name] = found
    return found


def _plain(kind: Known) -> Known:
    """An address in place of the type of a pointer."""
    pointer = isinstance(kind, type) and issubclass(kind, ctypes._Pointer)
    return ctypes.c_void_p if pointer else kind
