"""Mining side by side gives the tables that mining one after another gives."""

import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.mine import mine_tables
from pipelines.mine.issues import issues
from pipelines.mine.likeness.space import build_space
from pipelines.mine.parts import jobs_for, spread
from pipelines.mine.proportions.shares import shares
from samples import sample_tables


def test_two_processes_make_what_one_makes():
    tables = sample_tables()
    findings = tables["findings"].sort_values(c.FINDING_ID, ignore_index=True).head(150)
    made = []
    for jobs in (1, 2):
        space = build_space(findings[c.TEXT].tolist(), jobs=jobs)
        given = {**tables, "findings": findings}
        found = issues(given, space, codebook=load_codebook(), jobs=jobs)
        made.append([*found, shares(findings, jobs=jobs)])
    for one, two in zip(*made, strict=True):
        assert len(one)
        pd.testing.assert_frame_equal(one, two)


def test_results_come_in_the_order_of_the_parts():
    assert list(spread(len, ["abc", "", "ab"], jobs=1)) == [3, 0, 2]


def test_few_findings_are_mined_in_one_process_and_none_are_refused():
    assert jobs_for(100, 8) == 1
    assert jobs_for(100_000, 8) == 8
    with pytest.raises(SettingsError, match="jobs is 0"):
        mine_tables(sample_tables(), jobs=0)
