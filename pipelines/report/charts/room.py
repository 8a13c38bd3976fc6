"""Whether this machine has the room of addresses in which charts are drawn."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pipelines.errors import MachineError

DRAWN: Final = frozenset({"html", "docx"})  # forms of the report that have charts
ADDRESSES: Final = 72_000_000_000
"""Bytes of addresses, not of memory: the engine that vl-convert draws with takes 64 GB of them."""


def check_room(formats: Collection[str]) -> None:
    """Check that a limit on addresses leaves room for charts: the engine aborts the process else.

    Raises:
        MachineError: `ulimit -v` is set and too low.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    drawn = sorted(DRAWN.intersection(formats))
    if drawn and limit != resource.RLIM_INFINITY and limit < ADDRESSES:
        raise MachineError(
            f"charts of {' and '.join(drawn)} cannot be drawn: this machine is limited to "
            f"{limit // 1024} kB of addresses (ulimit -v), and drawing takes {ADDRESSES // 1024}; "
            "nothing was published; lift the limit (ulimit -v unlimited; limit memory by "
            "ulimit -d), or give --formats md,xlsx"
        )
