"""Adopting proposals: a proposed theme becomes a draft theme of the project in use, or part of one.

The shipped codebook is never written. The proposal's findings become its first labels, in a file
that names findings by document, ordinal and digest and holds none of their text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines import columns as c
from pipelines.changes import require_project, theme_entry, write_checked
from pipelines.codebook import Codebook, Lexicon, Theme, load_codebook
from pipelines.durable import write_text
from pipelines.errors import SettingsError
from pipelines.project import Project
from pipelines.project.layers import CODEBOOK


def accept(
    tables: Mapping[str, pd.DataFrame],
    slug: str,
    *,
    group: str | None = None,
    name: str | None = None,
) -> Path:
    """Add a proposed theme to the project's codebook as a draft, with its findings as labels.

    Args:
        tables: Needs `findings`, `proposals` and `proposal_findings`.
        slug: Of the proposal.
        group: Slug of the theme's group; that of the closest theme where none is given.
        name: The theme's name; the proposal's label where none is given.

    Returns:
        The file of labels.

    Raises:
        SettingsError: There is no project, proposal or group, or the theme is there already.
    """
    project = require_project()
    proposal = _proposal(tables, slug)
    book = load_codebook()
    if slug in book.slugs:
        raise SettingsError(f"the codebook has a theme {slug!r} already; merge into it instead")
    chosen = group or _group(book, proposal)
    if chosen not in {g.slug for g in book.groups}:
        raise SettingsError(f"no group {chosen!r}; expected one of {[g.slug for g in book.groups]}")
    terms = tuple(str(term).lower() for term in proposal[c.TERMS])
    named = name or str(proposal[c.LABEL])
    entry = theme_entry(Theme(slug, chosen, named, ", ".join(terms), "", Lexicon(terms), "draft"))
    return _adopt(tables, slug, slug, project, _behind(project, entry))


def merge(tables: Mapping[str, pd.DataFrame], slug: str, theme: str) -> Path:
    """Add a proposal's phrases and findings to a theme of the codebook in use.

    Args:
        tables: Needs `findings`, `proposals` and `proposal_findings`.
        slug: Of the proposal.
        theme: Slug of the theme to merge it into.

    Returns:
        The file of labels.

    Raises:
        SettingsError: There is no project, proposal or theme.
    """
    project = require_project()
    proposal = _proposal(tables, slug)
    known = load_codebook().theme(theme).lexicon.phrases
    terms = [str(term).lower() for term in proposal[c.TERMS]]
    new = [term for term in terms if term not in known]
    return _adopt(tables, slug, theme, project, _with_phrases(project, theme, new))


def _behind(project: Project, entry: str) -> str:
    before = (project.layers.text(CODEBOOK) or "").rstrip()
    return f"{before}\n\n{entry}" if before else entry


def _with_phrases(project: Project, theme: str, phrases: Sequence[str]) -> str:
    """Return the project's codebook with phrases added to a theme's lexicon, all else as it was."""
    text = project.layers.text(CODEBOOK) or ""
    if not phrases:
        return text
    listed = ", ".join(map(_quoted, phrases))
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if line.strip().startswith("[[")]
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        own = lines[start].strip() == "[[themes]]" and any(
            _sets(line, "slug", theme) for line in lines[start:end]
        )
        if not own:
            continue
        for number in range(start, end):
            key, _, value = lines[number].partition("=")
            if key.strip() == "phrases" and value.strip().startswith("["):
                head, bracket, rest = lines[number].partition("[")
                lines[number] = f"{head}{bracket}{listed}, {rest}"
                return "\n".join(lines)
        while end > start and not lines[end - 1].strip():
            end -= 1
        added = ["", "[themes.lexicon]", f"phrases = [{listed}]"]
        return "\n".join([*lines[:end], *added, *lines[end:]])
    entry = f"[[themes]]\nslug = {_quoted(theme)}\n\n[themes.lexicon]\nphrases = [{listed}]\n"
    return _behind(project, entry)


def _sets(line: str, key: str, value: str) -> bool:
    name, _, given = line.partition("=")
    return name.strip() == key and given.strip() in (f'"{value}"', f"'{value}'")


def _proposal(tables: Mapping[str, pd.DataFrame], slug: str) -> Mapping[str, Any]:
    proposals = tables["proposals"]
    found = proposals.loc[proposals[c.PROPOSAL_ID] == slug]
    if found.empty:
        listed = ", ".join(proposals[c.PROPOSAL_ID]) or "none"
        raise SettingsError(f"no proposal {slug!r}; this run proposes: {listed}")
    return {str(name): value for name, value in found.iloc[0].items()}


def _group(book: Codebook, proposal: Mapping[str, Any]) -> str:
    closest = proposal[c.THEME]
    if isinstance(closest, str) and closest in book.slugs:
        return book.theme(closest).group
    return book.groups[0].slug


def _adopt(
    tables: Mapping[str, pd.DataFrame], slug: str, theme: str, project: Project, text: str
) -> Path:
    """Write codebook and labels, once the codebook has been read back without an error.

    Whoever is stopped between the two merges the proposal into the theme that is there: labels
    that are there already are not written twice.
    """
    write_checked(project, {CODEBOOK: text})
    return _label(tables, slug, theme, project.labels / f"proposal-{slug}.jsonl")


def _label(tables: Mapping[str, pd.DataFrame], slug: str, theme: str, path: Path) -> Path:
    """Write the proposal's findings as labels of a theme; those written before stay."""
    members = tables["proposal_findings"]
    ids = members.loc[members[c.PROPOSAL_ID] == slug, c.FINDING_ID]
    findings = tables["findings"].set_index(c.FINDING_ID).loc[sorted(ids)]
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [
        json.dumps(
            {
                c.DOCUMENT_ID: document,
                "ordinal": int(ordinal),
                "digest": digest,
                "polarity": polarity,
                "themes": [theme],
                "adds": True,  # the proposal says nothing of other themes
            }
        )
        for document, ordinal, digest, polarity in zip(
            findings[c.DOCUMENT_ID],
            findings[c.ORDINAL],
            findings[c.DIGEST],
            findings[c.POLARITY],
            strict=True,
        )
    ]
    write_text(path, "".join(f"{line}\n" for line in dict.fromkeys([*before, *lines])))
    return path


def _quoted(value: str) -> str:
    """Return a string as TOML writes it; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)
