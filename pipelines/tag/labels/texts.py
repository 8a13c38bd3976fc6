"""The texts of stand-off labels: found in reports, or in the runs that read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pipelines import columns as c
from pipelines.read import read_document
from pipelines.records import Document, digest
from pipelines.tag.labels.label import Found

Reader = Callable[[Path], Document]
"""What reads a document, and where: here, or in a process of its own that a PDF may end."""

_TABLE: Final = Path("tables", "findings.parquet")


def texts_by_digest(sources: Sequence[Path], *, read: Reader = read_document) -> dict[str, Found]:
    """Read and segment documents; return each finding by the digest of its text.

    Args:
        sources: Documents, folders of them, or folders of runs.
        read: Reads one of the documents.
    """
    from pipelines.errors import UnreadableDocument
    from pipelines.segment import segment_document

    out: dict[str, Found] = {}
    runs = [source for source in sources if (source / _TABLE).is_file()]
    for run in runs:
        out.update(_of_run(run / _TABLE))
    rest = [source for source in sources if source not in runs]
    paths = [p for s in rest for p in (sorted(s.rglob("*")) if s.is_dir() else [s])]
    for path in paths:
        if not path.is_file():
            continue
        try:
            segmentation = segment_document(read(path))
        except UnreadableDocument:
            continue  # labels that stood in it are counted as unresolved
        for finding in segmentation.findings:
            context = f"{c.POLARITY}={finding.polarity} {c.CODE}={finding.code}"
            section = finding.subsection or finding.standard or ""
            out[digest(finding.text)] = Found(finding.text, context, section)
    return out


def _of_run(path: Path) -> dict[str, Found]:
    """Return the findings that a run read; none of a table that is damaged."""
    import pandas as pd

    names = [c.TEXT, c.POLARITY, c.CODE, c.STANDARD, c.SUBSECTION]
    try:
        read = pd.read_parquet(path, columns=names).astype(object)
    except (OSError, ValueError):
        return {}  # labels that stood in it are counted as unresolved
    out = {}
    for text, polarity, code, standard, subsection in read.fillna("").to_numpy().tolist():
        context = f"{c.POLARITY}={polarity} {c.CODE}={code or None}"
        out[digest(str(text))] = Found(str(text), context, str(subsection or standard))
    return out
