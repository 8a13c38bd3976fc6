"""Records of JSON label files: our own, and what annotation tools export."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.errors import CorpusError
from pipelines.tag.label_heads import CODER, THEMES, heads_of

_HOLDERS: Final = ("choices", "labels", "taxonomy", "value", "values", "selected")
"""Keys under which tools put a list of what was chosen."""

_DEEPEST: Final = 6
_GIVEN: Final = 0.5  # of a score beside a category

Record = tuple[int, dict[str, Any]]


def jsonl_records(path: Path, data: bytes) -> list[Record]:
    """Read JSON lines.

    Raises:
        CorpusError: A line is no object, or the file is not UTF-8.
    """
    text = _decoded(path, data)
    if text.lstrip().startswith("["):
        whole = _parsed_array(text)
        if whole is not None:
            return _records(path, whole)
    out: list[Record] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            people = _of_people(_object(path, number, json.loads(line)))
            out += [(number, _named(one)) for one in people]
        except (ValueError, RecursionError) as error:
            raise CorpusError(f"{path} row {number} is not JSON ({error}); correct it") from error
    return out


def _parsed_array(text: str) -> list[Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and any(isinstance(x, dict) for x in found) else None


def json_records(path: Path, data: bytes) -> list[Record]:
    """Read a JSON array of objects, or an object that holds one.

    Raises:
        CorpusError: It is none, or the file is not UTF-8.
    """
    text = _decoded(path, data)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _lines_or(path, data, error)
    if isinstance(found, dict):
        found = _listed(found)
    if not isinstance(found, list):
        raise CorpusError(f"{path}: got {str(found)[:60]!r}; expected an array of objects")
    return _records(path, found)


def _listed(found: dict[str, Any]) -> list[Any]:
    """Return the records of an object: it holds them, or has a column or an id for each."""
    values = list(found.values())
    heads = heads_of(list(map(str, found)))
    for kind in (list, dict):
        if THEMES in heads and all(isinstance(value, kind) and value for value in values):
            columns = [list(v.values()) if isinstance(v, dict) else v for v in values]
            if len({len(column) for column in columns}) == 1:
                return [dict(zip(found, row, strict=True)) for row in zip(*columns, strict=True)]
    lists = [value for value in values if isinstance(value, list)]
    if lists and not heads:
        return lists[0]
    return values if not heads and values and isinstance(values[0], dict) else [found]


def _lines_or(path: Path, data: bytes, error: Exception) -> list[Record]:
    """Read JSON lines that go by the name of JSON, as some programs save them."""
    try:
        return jsonl_records(path, data)
    except CorpusError:
        raise CorpusError(
            f"{path} is not JSON ({error}); export it again, or save the labels as CSV"
        ) from error


def _records(path: Path, listed: Iterable[object]) -> list[Record]:
    return [
        (n, _named(one))
        for n, raw in enumerate(listed, start=1)
        for one in _of_people(_object(path, n, raw))
    ]


def _of_people(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a record for each person whose annotation Label Studio put into one."""
    given = raw.get("annotations")
    kept = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    kept = [one for one in kept if not one.get("was_cancelled")]
    by = {json.dumps(one.get("completed_by"), sort_keys=True): one for one in kept}
    return [{**raw, "annotations": [one]} for one in by.values()] if len(by) > 1 else [raw]


def _decoded(path: Path, data: bytes) -> str:
    for encoding, mark in (("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"), ("utf-8-sig", b"")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                row = data[: error.start].count(b"\n") + 1
                raise CorpusError(
                    f"{path} row {row} is not UTF-8, so letters in it are lost; save it as UTF-8"
                ) from error
    raise AssertionError  # pragma: no cover - every file begins with nothing


def _object(path: Path, number: int, raw: object) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise CorpusError(f"{path} row {number}: got {str(raw)[:60]!r}; expected an object")
    return raw


def _named(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a record under our names, whichever tool wrote it."""
    flat = dict(raw)
    for holder in ("data", "fields", "inputs", "meta", "metadata"):  # Label Studio, Argilla
        if isinstance(raw.get(holder), dict):
            flat = {**raw[holder], **{k: v for k, v in flat.items() if k != holder}}
    heads = list(flat)
    out = {name: flat[heads[at]] for name, at in heads_of(list(map(str, heads))).items()}
    _add_chosen(raw, out)
    for key in (c.TEXT, c.DIGEST, c.DOCUMENT_ID, c.ORDINAL):
        if key in flat:
            out[key] = flat[key]
    if THEMES in out:
        out[THEMES] = chosen(out[THEMES])
    if str(raw.get("answer") or "").casefold() in ("reject", "ignore") or _is_discarded(raw):
        out["passed"] = True
    return out


def _is_discarded(raw: dict[str, Any]) -> bool:
    return str(raw.get("status") or "").casefold() == "discarded"


def _add_chosen(raw: dict[str, Any], out: dict[str, Any]) -> None:
    annotations = raw.get("annotations") or raw.get("completions")
    if isinstance(annotations, list):  # Label Studio
        kept = [
            one for one in annotations if isinstance(one, dict) and not one.get("was_cancelled")
        ]
        results = [part for one in kept[-1:] for part in one.get("result") or []]
        values = [part.get("value") for part in results if isinstance(part, dict)]
        out[THEMES] = [slug for value in values for slug in chosen(value)]
        if kept and kept[-1].get("completed_by"):
            by = kept[-1]["completed_by"]
            out.setdefault(CODER, str(by.get("email") if isinstance(by, dict) else by))
        if not kept:
            out["passed"] = True
    responses = raw.get("responses")
    if isinstance(responses, dict):  # Argilla 2: question -> answers of several people
        given = responses.get(THEMES) or next(iter(responses.values()), None)
        out[THEMES] = _of_responses(given)
    elif isinstance(responses, list):  # Argilla 1: an answer a person, each with values
        submitted = [one for one in responses if isinstance(one, dict)]
        given = submitted[-1].get("values") if submitted else None
        if isinstance(given, dict):
            out[THEMES] = chosen(given.get(THEMES) or next(iter(given.values()), None))
    cats = raw.get("cats")
    if isinstance(cats, dict) and THEMES not in out:  # Prodigy, spaCy
        out[THEMES] = chosen(cats)


def _of_responses(given: object) -> list[Any]:
    if isinstance(given, list) and given and all(isinstance(one, dict) for one in given):
        return chosen(given[-1].get("value"))
    return chosen(given)


def chosen(raw: object, depth: int = 0) -> list[Any]:
    """Return what was chosen as a flat list, from a list, a text, or an object that holds one."""
    if raw is None or depth > _DEEPEST:
        return [""] if raw is None and depth == 0 else []
    if isinstance(raw, dict):
        held = next((raw[key] for key in _HOLDERS if key in raw), None)
        if held is not None:
            return chosen(held, depth + 1)
        scored = all(isinstance(value, (bool, int, float)) for value in raw.values())
        return (
            [key for key, value in raw.items() if value and float(value) >= 0.5] if scored else []
        )
    if isinstance(raw, (list, tuple)):
        return [slug for entry in raw for slug in chosen(entry, depth + 1)]
    return [str(raw)]
