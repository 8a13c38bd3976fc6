"""Adopting proposals: a proposed theme becomes a draft theme of the user's own codebook.

The shipped codebook is never written. The user's file begins as a copy of it; comments and order
stay as they are. The proposal's findings become its first labels, in a file beside it that names
findings by document, ordinal and digest and holds none of their text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines import columns as c
from pipelines.codebook import Codebook, load_codebook
from pipelines.durable import write_text
from pipelines.errors import SettingsError


def accept(
    tables: Mapping[str, pd.DataFrame],
    slug: str,
    *,
    codebook: Path,
    group: str | None = None,
    name: str | None = None,
) -> Path:
    """Add a proposed theme to a codebook file as a draft, with its findings as labels.

    Args:
        tables: Needs `findings`, `proposals` and `proposal_findings`.
        slug: Of the proposal.
        codebook: The user's file; made from the shipped one where it is not there.
        group: Slug of the theme's group; that of the closest theme where none is given.
        name: The theme's name; the proposal's label where none is given.

    Returns:
        The file of labels.

    Raises:
        SettingsError: There is no such proposal or group, or the codebook has the theme already.
    """
    proposal = _proposal(tables, slug)
    text = _text(codebook)
    book = load_codebook(codebook) if codebook.exists() else load_codebook()
    if slug in book.slugs:
        raise SettingsError(f"{codebook}: has a theme {slug!r} already; merge into it instead")
    chosen = group or _group(book, proposal)
    if chosen not in {g.slug for g in book.groups}:
        raise SettingsError(
            f"{codebook}: no group {chosen!r}; expected one of {[g.slug for g in book.groups]}"
        )
    terms = [str(term).lower() for term in proposal[c.TERMS]]
    entry = (
        "\n[[themes]]\n"
        f"slug = {_quoted(slug)}\n"
        f"group = {_quoted(chosen)}\n"
        f"name = {_quoted(name or str(proposal[c.LABEL]))}\n"
        f"claim = {_quoted(', '.join(terms))}\n"
        'status = "draft"\n'
        "\n[themes.lexicon]\n"
        f"phrases = [{', '.join(_quoted(term) for term in terms)}]\n"
    )
    return _adopt(tables, slug, slug, codebook, text.rstrip("\n") + "\n" + entry)


def merge(tables: Mapping[str, pd.DataFrame], slug: str, theme: str, *, codebook: Path) -> Path:
    """Add a proposal's phrases and findings to a theme that a codebook file has.

    Args:
        tables: Needs `findings`, `proposals` and `proposal_findings`.
        slug: Of the proposal.
        theme: Slug of the theme to merge it into.
        codebook: The user's file; made from the shipped one where it is not there.

    Returns:
        The file of labels.

    Raises:
        SettingsError: There is no such proposal or theme.
    """
    proposal = _proposal(tables, slug)
    text = _text(codebook)
    book = load_codebook(codebook) if codebook.exists() else load_codebook()
    known = book.theme(theme).lexicon.phrases
    terms = [str(term).lower() for term in proposal[c.TERMS]]
    new = [term for term in terms if term not in known]
    return _adopt(tables, slug, theme, codebook, _with_phrases(text, theme, new))


def _with_phrases(text: str, theme: str, phrases: Sequence[str]) -> str:
    """Return a codebook's text with phrases added to a theme's lexicon, all else as it was."""
    if not phrases:
        return text
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if line.strip() == "[[themes]]"]
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        if not any(_sets(line, "slug", theme) for line in lines[start:end]):
            continue
        for number in range(start, end):
            key, _, value = lines[number].partition("=")
            if key.strip() == "phrases" and value.strip().startswith("["):
                added = "".join(f"{_quoted(phrase)}, " for phrase in phrases)
                head, bracket, rest = lines[number].partition("[")
                lines[number] = f"{head}{bracket}{added}{rest}"
                return "\n".join(lines)
        listed = ", ".join(_quoted(phrase) for phrase in phrases)
        while end > start and not lines[end - 1].strip():
            end -= 1
        return "\n".join(
            [*lines[:end], "", "[themes.lexicon]", f"phrases = [{listed}]", *lines[end:]]
        )
    raise SettingsError(
        f"no [[themes]] entry with slug {theme!r} was found; write the slug plainly"
    )


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


def _text(codebook: Path) -> str:
    if codebook.exists():
        return codebook.read_text(encoding="utf-8")
    return (files("pipelines") / "data" / "codebook.toml").read_text(encoding="utf-8")


def _adopt(
    tables: Mapping[str, pd.DataFrame], slug: str, theme: str, codebook: Path, text: str
) -> Path:
    """Write labels and codebook, once the codebook has been read back without an error.

    The labels come first: whoever is stopped between the two gives the same command again, and
    labels that are there already are not written twice.
    """
    trial = codebook.with_name(f".{codebook.name}.trial")
    write_text(trial, text)
    try:
        load_codebook(trial)
    finally:
        trial.unlink(missing_ok=True)
    path = _label(tables, slug, theme, codebook)
    write_text(codebook, text)
    return path


def _label(tables: Mapping[str, pd.DataFrame], slug: str, theme: str, codebook: Path) -> Path:
    """Write the proposal's findings as labels of a theme; those written before stay."""
    path = codebook.with_name(f"{codebook.stem}-labels.jsonl")
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
