"""Frames keep the contract whatever they are built from."""

import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.columns import COLUMNS, TABLES
from pipelines.errors import SettingsError
from pipelines.tables import conform, frame, records


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_has_its_columns_in_their_types(name):
    table = frame(name)
    assert list(table.columns) == list(TABLES[name].names)
    assert table.dtypes.to_dict() == frame(name, [{}]).dtypes.to_dict()


def test_missing_values_are_null_false_or_empty_by_kind():
    row = frame("findings", [{c.FINDING_ID: "a/001"}]).iloc[0]
    assert pd.isna(row[c.PAGE])
    assert pd.isna(row[c.UNIT])
    assert row[c.QUOTES] == []
    assert not frame("tags", [{c.FINDING_ID: "a/001"}]).iloc[0][c.ASSIGNED]


@pytest.mark.filterwarnings("error")
def test_filling_booleans_does_not_rely_on_what_pandas_will_refuse():
    table = frame("tags", [{c.ASSIGNED: True}, {}])
    assert table[c.ASSIGNED].tolist() == [True, False]


def test_a_strange_key_is_an_error_that_names_it():
    with pytest.raises(SettingsError, match="no column 'colour'"):
        frame("findings", [{"colour": "red"}])


def test_a_missing_column_is_an_error_that_names_it():
    with pytest.raises(SettingsError, match="'finding_id' is missing"):
        conform("findings", pd.DataFrame({c.TEXT: ["x"]}))


def test_every_column_says_what_it_means():
    for column in COLUMNS.values():
        assert column.meaning.strip(), column.name


def test_what_is_missing_is_none_and_words_for_it_are_words():
    data = pd.DataFrame({"n": pd.array([1, None], "Int64"), "x": [0.5, None], "t": ["nan", None]})
    assert records(data) == [{"n": 1, "x": 0.5, "t": "nan"}, dict.fromkeys("nxt")]
