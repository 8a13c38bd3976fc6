"""Adopting proposals: a proposed theme becomes a draft theme of the project in use, or part of one.

The shipped codebook is never written. The proposal's findings become its first labels, in a file
that names findings by document, ordinal and digest and holds none of their text.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines import columns as c
from pipelines.changes import quoted, require_project, theme_entry, write_checked
from pipelines.codebook import Codebook, Lexicon, Theme, load_codebook
from pipelines.durable import write_text
from pipelines.errors import SettingsError
from pipelines.project import Project
from pipelines.project.layers import CODEBOOK

_LIST: Final = re.compile(r"phrases[\"']?[ \t]*=[ \t]*\[")
_TABLE: Final = re.compile(r"^[ \t]*\[[ \t]*themes[ \t]*\.[ \t]*lexicon[ \t]*\].*", re.MULTILINE)
_INLINE: Final = re.compile(r"lexicon[\"']?[ \t]*=[ \t]*\{")
_NEXT: Final = re.compile(r"(?:^[ \t]*(?:#.*)?\r?\n)*(?:^[ \t]*\[|\Z)", re.MULTILINE)
"""The next table, with the remarks before it; or the end."""


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
    """Return the project's codebook with phrases added to a theme's lexicon, all else as it was.

    Raises:
        SettingsError: The lexicon is written in a way that nothing can be added to safely.
    """
    text = project.layers.text(CODEBOOK) or ""
    if not phrases:
        return text
    wanted = tomllib.loads(text)
    themes = wanted.setdefault("themes", [])
    own = next((one for one in themes if one.get("slug") == theme), None)
    if own is None:
        own = {"slug": theme}
        themes.append(own)
    lexicon = own.setdefault("lexicon", {})
    lexicon["phrases"] = [*phrases, *lexicon.get("phrases", [])]
    listed = ", ".join(map(quoted, phrases))
    for written in (*_ways(text, listed), _behind(project, _entry(theme, listed))):
        try:
            if tomllib.loads(written) == wanted:
                return written
        except tomllib.TOMLDecodeError:
            continue  # not there, then
    raise SettingsError(
        f"{project.layers.shown(CODEBOOK)}: no safe place was found for phrases of {theme!r}; add "
        f"them to its lexicon by hand, then merge again: {listed}"
    )


def _ways(text: str, listed: str) -> Iterator[str]:
    """Yield a codebook with phrases written wherever they may belong: one reads it back and sees.

    What looks like a list or a head may be part of a text, or belong to another theme.
    """
    for found in _LIST.finditer(text):
        yield f"{text[: found.end()]}{listed}, {text[found.end() :]}"
    for found in _TABLE.finditer(text):
        yield f"{text[: found.end()]}\nphrases = [{listed}]{text[found.end() :]}"
    for found in _INLINE.finditer(text):
        for comma in (", ", " "):
            yield f"{text[: found.end()]}phrases = [{listed}]{comma}{text[found.end() :]}"
    for found in _NEXT.finditer(text):
        before, rest = text[: found.start()].rstrip(), text[found.start() :]
        yield f"{before}\n\n[themes.lexicon]\nphrases = [{listed}]\n\n{rest.lstrip()}"


def _entry(theme: str, listed: str) -> str:
    return f"[[themes]]\nslug = {quoted(theme)}\n\n[themes.lexicon]\nphrases = [{listed}]\n"


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
