"""A sample of findings: where there are very many, one in two, four and so on, by id alone.

So what other reports there are decides nothing on a finding, until there are twice as many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def one_in(findings: int, most: int) -> int:
    """Return n such that one finding in n makes about `most`: 1, 2, 4 and so on."""
    step = 1
    while findings > most * step:
        step *= 2
    return step


def in_sample(ids: Sequence[str], step: int) -> npt.NDArray[np.bool_]:
    """Return which findings are in a sample of one in `step`."""
    if step == 1:
        return np.ones(len(ids), dtype=bool)
    marks = (hashlib.blake2b(name.encode(), digest_size=4).digest() for name in ids)
    return np.asarray([int.from_bytes(mark) % step == 0 for mark in marks], dtype=bool)
