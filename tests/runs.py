"""Two runs beside each other: what must be equal, and what may differ."""

from __future__ import annotations

import pandas as pd

from pipelines import columns as c
from pipelines.flow import Run
from pipelines.flow.storage.packing import pack


def same_tables(one: Run, two: Run) -> None:
    """Fail unless two runs have the same tables byte for byte, the ledger's seconds apart."""
    assert set(one.tables) == set(two.tables)
    for name in one.tables:
        if name == "ledger":
            left, right = (run.tables[name].drop(columns=[c.SECONDS]) for run in (one, two))
            pd.testing.assert_frame_equal(left, right)
        else:
            assert pack(name, one.tables[name]) == pack(name, two.tables[name]), name
