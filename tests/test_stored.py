"""Tables on disk: written a document at a time, and read no further than is asked."""

import json
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines import columns as c
from pipelines.errors import ArtefactError
from pipelines.flow.stages import STAGES
from pipelines.flow.storage.spool import Part, Spool, rows_of
from pipelines.flow.storage.stored import Stored
from pipelines.flow.storage.taken import GIVEN
from pipelines.mine.likeness import space
from pipelines.tables import frame
from samples import sample_tables

IDS = {"findings": (c.FINDING_ID,), "recommendations": (c.RECOMMENDATION_ID,)}


def part(document, findings):
    return {
        "documents": rows_of("documents", [{c.DOCUMENT_ID: document}]),
        "findings": rows_of(
            "findings",
            [
                {c.DOCUMENT_ID: document, c.FINDING_ID: f"{document}/{n:03d}", c.TEXT: "late"}
                for n in range(1, findings + 1)
            ],
        ),
        "recommendations": rows_of("recommendations", []),
    }


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Three documents, of two, none and five findings, in row groups of three rows."""
    monkeypatch.setattr("pipelines.flow.storage.stored._AT_ONCE", 3)
    tables = Stored(tmp_path / "tables")
    with tables.writing("documents", "findings", "recommendations") as write:
        for document, findings in (("b", 2), ("c", 0), ("a", 5)):
            write(part(document, findings))
    return tables


def test_what_is_written_by_documents_is_read_by_documents(stored):
    read = [(name, mine["findings"][0].to_pylist()) for name, mine in stored.each_document(IDS)]
    assert read == [
        ("b", ["b/001", "b/002"]),
        ("c", []),
        ("a", [f"a/00{n}" for n in range(1, 6)]),
    ]
    assert stored.rows("findings") == 7
    assert stored.rows("tags") == 0


def test_a_table_in_another_order_than_its_documents_is_named(stored):
    stored["documents"] = stored["documents"].iloc[::-1]
    with pytest.raises(ArtefactError, match=r"findings\.parquet: document 'a' is not where"):
        list(stored.each_document(IDS))


def test_rows_that_are_not_wanted_go_and_the_others_stay(stored):
    import pyarrow.compute as pc

    stored.keep("findings", pc.field(c.DOCUMENT_ID) != "b")
    assert set(stored["findings"][c.DOCUMENT_ID]) == {"a"}
    assert stored["findings"][c.QUOTES].tolist() == [[]] * 5


def break_off(stored):
    with stored.writing("findings") as write:
        write({"findings": part("d", 9)["findings"]})
        raise RuntimeError


def test_what_breaks_off_leaves_the_table_as_it_was(stored):
    with pytest.raises(RuntimeError):
        break_off(stored)
    assert stored.rows("findings") == 7


def test_a_part_comes_back_and_what_is_none_is_told(tmp_path):
    whole = Part({"format": "pdf"}, part("b", 2))
    assert Part.unpack(whole.pack()) == pickle.loads(pickle.dumps(whole)) == whole
    assert Part.unpack(whole.pack()).packed == whole.pack()  # which nobody has to make again
    with Spool.within(tmp_path / "new") as spool:
        first, second = spool.keep(whole), spool.keep(Part({"reason": "no"}))
        assert second.part().head == {"reason": "no"}
        assert first.part() == whole
    rows = whole.pack().partition(b"\n")[2]
    size = sum(json.loads(whole.pack().partition(b"\n")[0])[1].values())
    lengths = ({"tags": size + 5, "shares": -5}, {"tags": -size}, {"tags": 10**18}, {"tags": "9"})
    false = [json.dumps([{}, said]).encode() + b"\n" + rows for said in lengths]
    for raw in (b"", b"{}", b"[1, 2]", b'[{}, {"tags": 9}]\nxyz', whole.pack()[:-4], *false):
        with pytest.raises(ValueError, match=r"\w"):
            Part.unpack(raw)
    with pytest.raises(ValueError, match="no column 'colour'"):
        rows_of("findings", [{"colour": "red"}])


def test_of_tags_those_given_are_read(tmp_path):
    tables = Stored(tmp_path)
    tags = [{c.FINDING_ID: "a/001", c.THEME: t, c.ASSIGNED: t == "y"} for t in "xyz"]
    tables["tags"] = frame("tags", tags)
    read = tables.take("tags", (c.THEME, c.ASSIGNED), GIVEN)
    assert read.to_dict("records") == [{c.THEME: "y", c.ASSIGNED: True}]


@pytest.mark.parametrize("name", ["mine", "aggregate"])
def test_a_stage_makes_of_what_it_takes_what_it_makes_of_everything(name, tmp_path):
    tables = sample_tables()
    some = tables["documents"][c.DOCUMENT_ID].head(3)
    for table in ("documents", "findings", "recommendations"):
        tables[table] = tables[table].loc[tables[table][c.DOCUMENT_ID].isin(some)]
    stage = next(entry for entry in STAGES if entry.name == name)
    stored = Stored(tmp_path)
    stored.update(tables)
    made, expected = stage.load()(stored.given(stage.takes)), stage.load()(dict(stored))
    assert set(made) == set(expected)
    for table, data in expected.items():
        pd.testing.assert_frame_equal(made[table], data)


def test_of_very_many_texts_every_second_weighs_the_words(monkeypatch):
    texts = [f"The {word} was late" for word in ("train", "tram", "coach", "ferry") * 20]
    whole = space.build_space(texts)
    monkeypatch.setattr(space, "_FITTED_ON", 40)
    half = space.build_space(pd.Series(texts))
    every = np.arange(len(texts))
    assert half.words.shape[0] == len(half.sensed(every)) == len(texts)
    assert half.senses is None  # they are made of the words, for those that are asked for
    again = half.placed(texts[7:9])
    np.testing.assert_array_equal(half.sensed(every[7:9]), again.sensed(every[:2]))
    assert (half.words[7:9] != again.words).nnz == 0
    assert set(half.names) < set(whole.names)  # every second text is of a train or a coach


def test_few_rows_of_many_documents_keep_none_of_the_rest_in_memory(tmp_path):
    long = rows_of("findings", [{c.DOCUMENT_ID: "a", c.FINDING_ID: "a/001", c.TEXT: "x" * 500_000}])
    raw = Part({}, {**part("a", 0), "findings": long}).pack()
    before = pa.total_allocated_bytes()
    with Stored(tmp_path).writing("documents") as write:
        for _ in range(300):
            write({"documents": Part.unpack(raw).tables["documents"]})
        assert pa.total_allocated_bytes() - before < 100_000_000
