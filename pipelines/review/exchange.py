"""Codebook and coded findings for programs of qualitative analysis: REFI-QDA 1.5 (.qdc, .qdpx).

NVivo, MAXQDA, ATLAS.ti and QualCoder read these files. A document is a plain text of its findings,
each a selection that carries its themes and issues as codes; who coded is the person, or the model.
Source of the form: "REFI-QDA, exchange of processed data between qualitative data analysis software
packages", 2019, sections 5 to 9.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pandas as pd

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.durable import write_bytes
from pipelines.errors import SettingsError
from pipelines.records import Polarity
from pipelines.report.english import plain

_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "probation-findings")
_PROJECT: Final = "urn:QDA-XML:project:1.0"
_CODEBOOK: Final = "urn:QDA-XML:codebook:1.0"
_ORIGIN: Final = "probation-findings"
_MODEL: Final = "model"
_FIRST: Final = (1980, 1, 1, 0, 0, 0)  # of files in the archive: equal content gives equal bytes


def write_exchange(tables: Mapping[str, pd.DataFrame], path: Path) -> Path:
    """Write the codebook (`.qdc`), or codebook and coded findings (`.qdpx`).

    Args:
        tables: Of a run that has been tagged.
        path: What to write; its suffix says which.

    Raises:
        SettingsError: The suffix is neither, or a file of the name is there.
        StorageError: It cannot be written.
    """
    if path.exists():
        raise SettingsError(f"{path}: is there already; give another name")
    if path.suffix.lower() == ".qdc":
        data = codebook_bytes()
    elif path.suffix.lower() == ".qdpx":
        data = project_bytes(tables, name=path.stem)
    else:
        raise SettingsError(f"{path}: the suffix says the format; use .qdc or .qdpx")
    write_bytes(path, data)
    return path


def codebook_bytes() -> bytes:
    """Return groups, themes and issues as a REFI-QDA codebook."""
    root = ET.Element("CodeBook", {"xmlns": _CODEBOOK, "origin": _ORIGIN})
    _add_codes(root)
    return _bytes(root)


def project_bytes(tables: Mapping[str, pd.DataFrame], *, name: str) -> bytes:
    """Return codebook, findings, codings and memos as a REFI-QDA project, packed.

    Args:
        tables: Of a run that has been tagged.
        name: Of the project.
    """
    root = ET.Element("Project", {"xmlns": _PROJECT, "name": name, "origin": _ORIGIN})
    coded = _Coded.of(tables)
    users = ET.SubElement(root, "Users")
    for who in coded.people:
        ET.SubElement(users, "User", {"guid": _guid("user", who), "name": who})
    book = ET.SubElement(root, "CodeBook")
    _add_codes(book)
    files: dict[str, str] = {}
    sources = ET.Element("Sources")
    notes = ET.Element("Notes")
    for document, findings in tables["findings"].groupby(c.DOCUMENT_ID, sort=True):
        guid = _guid("source", str(document))
        source = ET.SubElement(
            sources,
            "TextSource",
            {"guid": guid, "name": str(document), "plainTextPath": f"internal://{guid}.txt"},
        )
        files[f"Sources/{guid}.txt"] = _add_findings(source, notes, findings, coded)
    for part in (sources, notes):
        if len(part):
            root.append(part)
    return _packed(_bytes(root), files)


class _Coded:
    """Codes and memos of findings, and who gave them."""

    def __init__(self) -> None:
        self.codes: dict[str, list[tuple[str, str]]] = {}
        self.memos: dict[str, list[tuple[str, str]]] = {}
        self.people: list[str] = []

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> _Coded:
        """Gather what is given, by finding: guid of the code, and who."""
        out = cls()
        answered = tables.get("answered")
        who: dict[tuple[str, str, str], str] = {}
        if answered is not None:
            keys = zip(answered[c.FINDING_ID], answered[c.KIND], answered[c.SUBJECT], strict=True)
            said = zip(keys, answered[c.WHO], strict=True)
            who = {key: next(iter(names), _MODEL) for key, names in said}
        for name, kind, column in (("tags", "theme", c.THEME), ("issue_tags", "issue", c.SUBJECT)):
            if name not in tables:
                continue
            given = tables[name].loc[tables[name][c.ASSIGNED]]
            for row in given.to_dict("records"):
                finding, slug = str(row[c.FINDING_ID]), str(row[column])
                pole = f"/{row[c.POLARITY]}" if kind == "issue" else ""
                person = row[c.SOURCE] == "person"
                by = who.get((finding, kind, slug), _MODEL) if person else _MODEL
                out.codes.setdefault(finding, []).append((_guid(kind, slug + pole), by))
        memos = tables.get("memos")
        for row in [] if memos is None else memos.to_dict("records"):
            if row[c.KIND] == "finding":
                by = next(iter(row[c.WHO]), _MODEL)
                out.memos.setdefault(str(row[c.SUBJECT]), []).append((str(row[c.TEXT]), by))
        named = {
            by for given in (out.codes, out.memos) for said in given.values() for _, by in said
        }
        out.people = sorted(named | {_MODEL})
        return out


def _add_findings(
    source: ET.Element, notes: ET.Element, findings: pd.DataFrame, coded: _Coded
) -> str:
    """Add a selection a finding to a source, its codings and memos; returns the source's text."""
    text = ""
    for row in findings.sort_values(c.ORDINAL).to_dict("records"):
        name = str(row[c.FINDING_ID])
        said = " ".join(plain(row[c.TEXT]).split())
        start, text = len(text), f"{text}{said}\n\n"
        selection = ET.SubElement(
            source,
            "PlainTextSelection",
            {
                "guid": _guid("selection", name),
                "name": name,
                "startPosition": str(start),
                "endPosition": str(start + len(said)),
            },
        )
        for code, by in sorted(coded.codes.get(name, [])):
            coding = ET.SubElement(
                selection,
                "Coding",
                {"guid": _guid("coding", name + code), "creatingUser": _guid("user", by)},
            )
            ET.SubElement(coding, "CodeRef", {"targetGUID": code})
        for number, (memo, by) in enumerate(coded.memos.get(name, [])):
            guid = _guid("note", f"{name} {number}")
            ET.SubElement(selection, "NoteRef", {"targetGUID": guid})
            note = ET.SubElement(
                notes,
                "Note",
                {"guid": guid, "name": f"Memo on {name}", "creatingUser": _guid("user", by)},
            )
            ET.SubElement(note, "PlainTextContent").text = plain(memo)
    return text


def _add_codes(parent: ET.Element) -> None:
    """Add groups, below them themes, below these the issues that are listed under them."""
    codes = ET.SubElement(parent, "Codes")
    book, catalogue = load_codebook(), load_catalogue()
    for group in book.groups:
        top = _code(codes, "group", group.slug, group.name, codable=False)
        for theme in book.themes:
            if theme.group != group.slug:
                continue
            not_ = f" Not: {theme.excludes}" if theme.excludes else ""
            node = _code(top, "theme", theme.slug, theme.name, said=theme.claim + not_)
            for subject in catalogue.subjects:
                if subject.theme == theme.slug:
                    for pole in Polarity:
                        slug, name = f"{subject.slug}/{pole}", subject.name(pole)
                        _code(node, "issue", slug, name, said=subject.claim)


def _code(
    parent: ET.Element, kind: str, slug: str, name: str, *, said: str = "", codable: bool = True
) -> ET.Element:
    facts = {"guid": _guid(kind, slug), "name": plain(name), "isCodable": str(codable).lower()}
    node = ET.SubElement(parent, "Code", facts)
    if said:
        ET.SubElement(node, "Description").text = plain(said)
    return node


def _guid(kind: str, name: str) -> str:
    """Name a thing: it has the same name in every export, so that they can be merged."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind} {name}"))


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    written: Any = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return bytes(written)


def _packed(project: bytes, files: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("project.qde", _FIRST), project)
        for name, text in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name, _FIRST), text.encode("utf-8"))
    return stream.getvalue()
