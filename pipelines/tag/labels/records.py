"""Records of JSON label files: our own, and what annotation tools export, as a table each.

A tool keeps what people chose under names that its user gave: as results of an annotation, as
answers to a question, as a column. Each becomes a column of the record, a list of what was chosen;
which of them holds themes is found out where all records are at hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError
from pipelines.project.steps import THEME
from pipelines.tag.labels.choices import DEEPEST, HOLDERS, chosen
from pipelines.tag.labels.heads import CODER, DECIDED, THEMES, head_key, heads_of
from pipelines.tag.labels.slugs import read_themes

PASSED: Final = "passed"
"""Column of a record that says nothing: why it does not."""
UNANSWERED: Final = "unanswered"
"""Column of a record whose tool keeps an empty list: it says nothing unless another column does."""

_PLACES: Final = ("data", "fields", "inputs", "meta", "metadata")  # Label Studio, Argilla
_TOOLS: Final = ("label", "labels", "cats", "entities")  # doccano's, of which none was chosen yet
_OURS: Final = (THEMES, "theme")  # count before what tools write
_UNSAID: Final = ("draft", "discarded", "default", "pending")
_ENDS: Final = re.compile(r"\r\n|\n|\r")
_INK: Final = re.compile(r"\S")
_MOST_NESTED: Final = 50  # of a record: no tool's has more than ten

Record = tuple[int, dict[str, Any]]


def jsonl_records(path: Path, data: bytes) -> list[Record]:
    """Read JSON lines; also an array or objects over several lines that go by that name.

    Raises:
        CorpusError: A line is not an object, or the file is not UTF-8.
    """
    text = _decoded(path, data)
    listed: list[tuple[int, Any]] = []
    try:
        for number, line in enumerate(_ENDS.split(text), start=1):
            if line.strip():
                listed.append((number, json.loads(line)))
    except (ValueError, RecursionError) as error:
        whole = _one_after_the_other(text)
        if whole is None:
            raise CorpusError(f"{path} row {number} is not JSON ({error}); correct it") from error
        listed = list(enumerate(whole, start=1))
    one = listed[0][1] if len(listed) == 1 else None
    if isinstance(one, list) or (isinstance(one, dict) and c.TEXT not in heads_of(list(one))):
        listed = list(enumerate(_listed(one), start=1))
    return _records(path, listed)


def _one_after_the_other(text: str) -> list[Any] | None:
    """Read objects that stand in a text without more than blanks between; None where more does."""
    decoder, out = json.JSONDecoder(), []
    at = _after_blanks(text, 0)
    while at < len(text):
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return None
        out.append(found)
        at = _after_blanks(text, at)
    return out


def _after_blanks(text: str, at: int) -> int:
    found = _INK.search(text, at)
    return found.start() if found else len(text)


def json_records(path: Path, data: bytes) -> list[Record]:
    """Read a JSON array of objects, or an object that holds one.

    Raises:
        CorpusError: It is none, or the file is not UTF-8.
    """
    try:
        found = json.loads(_decoded(path, data))
    except (ValueError, RecursionError) as error:  # lines, as some programs save them
        try:
            return jsonl_records(path, data)
        except CorpusError:
            raise CorpusError(
                f"{path} is not JSON ({error}); export it again, or save the labels as CSV"
            ) from error
    if not isinstance(found, (dict, list)):
        raise CorpusError(f"{path}: got {str(found)[:60]!r}; expected an array of objects")
    return _records(path, enumerate(_listed(found), start=1))


def _listed(found: list[Any] | dict[str, Any]) -> list[Any]:
    """Return the records of a file: they lie in it, or it has a column or an id for each."""
    if isinstance(found, list):
        rows = all(isinstance(row, list) for row in found) and len(found) > 1
        return [dict(zip(map(str, found[0]), row)) for row in found[1:]] if rows else found  # noqa: B905
    if isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):
        return [dict(zip(map(str, found["columns"]), row)) for row in found["data"]]  # noqa: B905
    values = list(found.values())
    heads = heads_of(list(map(str, found)))
    for kind in (list, dict):
        if {c.TEXT, THEMES} <= set(heads) and all(isinstance(v, kind) and v for v in values):
            columns = [list(v.values()) if isinstance(v, dict) else v for v in values]
            if len({len(column) for column in columns}) == 1:
                return [dict(zip(found, row, strict=True)) for row in zip(*columns, strict=True)]
    if any(isinstance(found.get(key), str) for key in found if c.TEXT in heads_of([key])) or any(
        isinstance(found.get(key), dict) for key in _PLACES
    ):
        return [found]
    within = list(_lists_in(found, 0))
    return max(within, key=len) if within else [found]


def _lists_in(found: object, depth: int) -> Iterable[list[Any]]:
    """Yield the lists of objects in an object, and the objects that it has by name."""
    if depth > DEEPEST or not isinstance(found, dict):
        return
    values = list(found.values())
    if values and all(isinstance(value, dict) for value in values):
        yield values
    for value in values:
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            yield value
        yield from _lists_in(value, depth + 1)


def _records(path: Path, listed: Iterable[tuple[int, object]]) -> list[Record]:
    return [(n, one) for n, raw in listed for one in _said_by_each(_object(path, n, raw))]


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise CorpusError(
            f"{path} row {row} is not UTF-8, so letters in it are lost; save it as UTF-8"
        ) from error


def _object(path: Path, number: int, raw: object) -> dict[str, Any]:
    held = [raw] if isinstance(raw, (dict, list)) else []
    for _ in range(_MOST_NESTED):
        if not held:
            break
        inner = [one.values() if isinstance(one, dict) else one for one in held]
        held = [v for values in inner for v in values if isinstance(v, (dict, list))]
    if held:
        raise CorpusError(f"{path} row {number}: is nested more than {_MOST_NESTED} deep; use CSV")
    if not isinstance(raw, dict):
        raise CorpusError(f"{path} row {number}: got {str(raw)[:60]!r}; expected an object")
    return raw


def _said_by_each(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a record as columns, once for each person who answered it."""
    flat = dict(raw)
    for holder in _PLACES:
        if isinstance(raw.get(holder), dict):
            flat = {**raw[holder], **{k: v for k, v in flat.items() if k != holder}}
    given = _given(raw)
    if given is None:
        return [_row(raw, flat)]
    old = heads_of(list(map(str, flat)))
    place = old.get(THEMES)
    flat.pop(list(flat)[place] if place is not None else "", None)
    if not given:
        return [{**flat, PASSED: "was not answered there yet"}]
    out = []
    for who, said in given.items():
        named = {THEMES: next(iter(said.values()))} if len(said) == 1 else said
        out.append({**flat, **({CODER: who} if who and CODER not in old else {}), **named})
    return out


def _row(raw: dict[str, Any], flat: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a record that has an answer of its own."""
    out = dict(flat)
    own = [v for k, v in flat.items() if head_key(str(k)) in _OURS and v is not None]
    if isinstance(raw.get("cats"), (dict, list)):  # spaCy, Prodigy, doccano
        given = chosen(out.pop("cats"))
        out |= {} if any(own) else {THEMES: given}
    if isinstance(raw.get("spans"), list) and not {"label", "accept"} & set(raw):
        given = chosen(out.pop("spans"))
        out |= {} if any(own) else {THEMES: given}
    if isinstance(raw.get("accept"), list) and isinstance(raw.get("options"), list):
        texts = {one.get("id"): one.get("text") for one in raw["options"] if isinstance(one, dict)}
        known = load_codebook().slugs
        out["accept"] = [one if one in known else texts.get(one) or one for one in raw["accept"]]
    if isinstance(raw.get("accept"), list) and not own and not {"label", "labels"} & set(raw):
        out[THEMES] = out.pop("accept")  # others of the file have a label, perhaps
    answer = str(raw.get("answer") or "").casefold()
    if answer in ("accept", "reject") and isinstance(raw.get("label"), str):
        read = read_themes(raw["label"])
        named = list(read) if isinstance(read, tuple) else [raw["label"]]
        out[DECIDED[THEME]] = "; ".join(named)  # one yes or no, which says nothing of other themes
        said = named if out.pop("label") and answer == "accept" else []
        out |= {} if own else {THEMES: said}
    elif answer in ("reject", "ignore"):
        out[PASSED] = "was not accepted there"
    if _unsaid(raw):
        out[PASSED] = "was not accepted there"
    lists = [raw[name] for name in _TOOLS if isinstance(raw.get(name), list)]
    if lists and not any(lists) and not answer and not own and not raw.get("cats"):
        if any(value and THEMES in heads_of([str(key)]) for key, value in out.items()):
            return {key: value for key, value in out.items() if key not in _TOOLS}
        out[UNANSWERED] = "was not answered there yet; write themes: [] where none fits"
    return out


_Given = dict[str, dict[str, list[Any]]]
"""What was chosen, by person and question."""


def _given(raw: dict[str, Any]) -> _Given | None:
    """Return what people answered; None where a record keeps no list of it."""
    annotations = raw.get("annotations", raw.get("completions"))
    if isinstance(annotations, list):
        return _of_annotations([one for one in annotations if isinstance(one, dict)])
    if isinstance(raw.get("responses"), (dict, list)):
        return _of_responses(raw["responses"])
    out: _Given = {}
    for key in [str(key) for key in raw if str(key).endswith(".responses")]:
        people, answers = raw.get(f"{key}.users"), raw[key]  # Argilla, flattened
        if isinstance(people, list) and isinstance(answers, list) and len(people) == len(answers):
            for who, one in zip(people, answers, strict=True):
                out.setdefault(_name(who), {})[key.removesuffix(".responses")] = chosen(one)
    return out or None


def _of_annotations(annotations: list[dict[str, Any]]) -> _Given:
    out: _Given = {}
    for one in annotations:
        who = _name(one.get("completed_by", one.get("user")))
        if one.get("was_cancelled"):
            continue
        if isinstance(one.get("result"), list):  # Label Studio: a person's last counts
            out[who] = _results(one["result"])
        else:  # doccano: an annotation a label
            out.setdefault(who, {}).setdefault(THEMES, []).extend(chosen(one))
    return out


def _of_responses(responses: dict[str, Any] | list[Any]) -> _Given:
    out: _Given = {}
    if isinstance(responses, list):  # Argilla 1: an answer a person, with a value a question
        people = [one for one in responses if isinstance(one, dict) and not _unsaid(one)]
        for one in people:
            values = one.get("values")
            given = values.items() if isinstance(values, dict) else ()
            out[_name(one.get("user_id"))] = {key: chosen(value) for key, value in given}
        return out
    for question, answers in responses.items():  # Argilla 2: answers of several people to each
        for one in answers if isinstance(answers, list) else [answers]:
            if not isinstance(one, dict):
                out.setdefault("", {}).setdefault(question, []).extend(chosen(one))
            elif not _unsaid(one):
                out.setdefault(_name(one.get("user_id")), {})[question] = chosen(one.get("value"))
    return out


def _unsaid(answer: dict[str, Any]) -> bool:
    return str(answer.get("status") or "").casefold() in _UNSAID


def _name(who: object) -> str:
    return str((who.get("email") if isinstance(who, dict) else who) or "")


def _results(results: list[Any]) -> dict[str, list[Any]]:
    """Return what was chosen by the question; remarks, ratings and the like choose nothing."""
    out: dict[str, list[Any]] = {}
    for part in results:
        value = part.get("value") if isinstance(part, dict) else None
        if isinstance(value, dict) and any(key in value for key in HOLDERS):
            out.setdefault(str(part.get("from_name") or THEMES), []).extend(chosen(value))
    return out or {THEMES: []}
