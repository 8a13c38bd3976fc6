"""How a report came about, and how far its tags can be trusted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from pipelines import columns as c
from pipelines.codebook import Codebook
from pipelines.records import SOURCES_HASH
from pipelines.report.answers import answer_facts
from pipelines.report.content import Provenance
from pipelines.report.english import counted, day, percent
from pipelines.report.rows import number_of, rows_of
from pipelines.report.settings import ReportSettings


def gather_provenance(
    tables: Mapping[str, pd.DataFrame],
    settings: ReportSettings,
    *,
    codebook: Codebook,
    batch: Mapping[str, pd.DataFrame],
) -> Provenance:
    """State sources, model, codebook, code version, what was left over, and the date.

    Args:
        tables: What the report is about.
        settings: The reader's choices.
        codebook: Named with its version.
        batch: The tables that it was taken from; the same where it is not an extract.
    """
    from pipelines import __version__

    documents = rows_of(tables, "documents")
    ledger = Counter(row[c.STATUS] for row in rows_of(tables, "ledger"))
    findings, tags = number_of(tables, "findings"), tables.get("tags")
    facts = [
        ("Date of this report", day(settings.written)),
        ("Sources", _sources(len(documents), ledger)),
        (SOURCES_HASH, fingerprint([str(d[c.SHA256]) for d in documents])),
        ("Findings", f"{findings:,}"),
        ("Text left over", counted(len(tables.get("leftovers", ())), "piece")),
        *_batch(batch, settings),
        ("Codebook", f"version {codebook.version}, {len(codebook.themes)} themes"),
        *settings.model,
        *answer_facts(tables, codebook),
        ("Code", f"probation-findings {__version__}"),
        ("Intervals", "95% Wilson score intervals for the share of units"),
    ]
    said = _caution(tags, findings)
    if findings and (unknown := _unknown(tags, codebook)):
        said += (
            f" The model does not know {len(unknown)} of the codebook's themes yet, so that no "
            f"finding has them: {', '.join(unknown)}."
        )
    return Provenance(tuple(facts), said)


def _unknown(tags: pd.DataFrame | None, codebook: Codebook) -> list[str]:
    """Return the names of themes that no finding was asked about."""
    asked = set() if tags is None else set(tags[c.THEME])
    return [theme.name for theme in codebook.themes if asked and theme.slug not in asked]


def _batch(batch: Mapping[str, pd.DataFrame], settings: ReportSettings) -> list[tuple[str, str]]:
    if not settings.partial:
        return []
    documents = rows_of(batch, "documents")
    reports = counted(len(documents), "report")
    whole = fingerprint([str(d[c.SHA256]) for d in documents])
    return [
        ("Taken from a batch of", f"{reports}, {number_of(batch, 'findings'):,} findings"),
        ("Fingerprint of the batch", whole),
    ]


def fingerprint(hashes: list[str]) -> str:
    """Return one SHA-256 for a set of sources, whatever their order."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def _sources(documents: int, ledger: Mapping[str, int]) -> str:
    read = counted(ledger.get("read", documents), "report") + " read"
    failed, twice = ledger.get("failed", 0), ledger.get("duplicate", 0)
    aside = ledger.get("aside", 0)
    return ", ".join(
        [
            read,
            *([f"{failed} not readable"] if failed else []),
            *([f"{twice} duplicate"] if twice else []),
            *([f"{counted(aside, 'file')} of other kinds left aside"] if aside else []),
        ]
    )


def _caution(tags: pd.DataFrame | None, findings: int) -> str:
    if not findings and tags is not None:
        return (
            "No finding was found, so there is nothing that could have a theme: see what was read, "
            "and the text left over."
        )
    if tags is None or tags.empty:
        return (
            "No themes have been assigned yet: the findings were not tagged, or no model knows a "
            "theme of the codebook, which findings train changes."
        )
    unsure = tags.loc[tags[c.REVIEW].astype(bool), c.FINDING_ID].nunique()
    labelled = tags.loc[tags[c.SOURCE] == "person", c.FINDING_ID].nunique()
    said = (
        "Themes are assigned by a statistical model, not by a person, and some are wrong. "
        f"{unsure:,} of {findings:,} findings ({percent(unsure / max(findings, 1))}) carry a "
        "decision that is uncertain and that a person should look at; where one of them is quoted, "
        "it is marked “check”."
    )
    if labelled:
        said += f" The themes of {counted(labelled, 'finding')} were set by a person."
    return said
