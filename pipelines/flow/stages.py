"""The stages as data: what each one is for, what it needs, what it makes and where its code is.

Command, cache and guide all follow this table. A function is named, not imported, so that
listing the stages costs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Literal

import pipelines
from pipelines import columns as c
from pipelines.flow.storage.taken import GIVEN, Taken, Where

Scope = Literal["document", "corpus"]

SHARED_CODE: Final = (
    "records.py",
    "columns.py",
    "tables.py",
    "errors.py",
    "project",
    "codebook.py",
    "catalogue.py",
    "data",
)


_ALL: Final = Taken()
_STREAMED: Final = Taken(streamed=True)
_NEARLY: Final[Where] = (*GIVEN, ((c.PROBABILITY, ">=", 0.2),))
_ISSUE_TAG: Final = (
    c.FINDING_ID,
    c.SUBJECT,
    c.POLARITY,
    c.PROBABILITY,
    c.ASSIGNED,
    c.CERTAINTY,
    c.SOURCE,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the flow.

    Attributes:
        name: A verb, the name of the package under `pipelines` too.
        help: One line for people.
        inputs: Tables (or `sources`, `document`) that it reads.
        outputs: Tables (or `document`, `report`) that it makes; more may come.
        function: Where its function is, as `module:name`.
        scope: Whether it works on one document at a time, so in parallel, or on all at once.
        code: Files and folders of the package whose change makes older results stale.
        libraries: Distributions whose version belongs to the result.
        spreads: Whether its function takes `jobs`, processes to work in.
        takes: Of a stage on all documents at once: what it is given, by table, where it is there.
            What is left out of a table costs no memory, and there is most of it.
    """

    name: str
    help: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    function: str
    scope: Scope
    code: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    spreads: bool = False
    takes: Mapping[str, Taken] = field(default_factory=dict)

    def load(self) -> Callable[..., Any]:
        """Import the stage's function."""
        module, _, name = self.function.partition(":")
        loaded: Callable[..., Any] = getattr(import_module(module), name)
        return loaded


STAGES: Final = (
    Stage(
        "read",
        "Read PDF, HTML and text into documents of blocks; name what cannot be read.",
        ("sources",),
        ("document", "ledger"),
        "pipelines.read:read_document",
        "document",
        ("read", "picture.py"),
        ("pypdfium2", "pdfminer.six", "selectolax"),
    ),
    Stage(
        "segment",
        "Find ratings, recommendations, key questions and findings in a document.",
        ("document",),
        (
            "documents",
            "standards",
            "key_questions",
            "recommendations",
            "findings",
            "leftovers",
            "abbreviations",
        ),
        "pipelines.segment:segment_document",
        "document",
        (
            "segment",
            "frameworks",
            "places.py",
            "shortforms.py",
            "lexis/forms.py",
            "lexis/senses.py",
            "flow/rows.py",
            "flow/storage/spool.py",
        ),
    ),
    Stage(
        "tag",
        "Give findings themes, issues and the proportions they state; recommendations themes.",
        ("findings", "recommendations", "abbreviations"),
        ("tags", "issue_tags", "explanations", "shares", "recommendation_tags", "models"),
        "pipelines.tag:tag_findings",
        "document",
        ("tag", "mine", "lexis", "shortforms.py", "flow/rows.py", "flow/storage/spool.py"),
        ("scikit-learn", "spacy", "numpy", "scipy"),
    ),
    Stage(
        "mine",
        "Find recurring issues and the findings behind recommendations.",
        (
            "documents",
            "findings",
            "tags",
            "issue_tags",
            "shares",
            "recommendations",
            "recommendation_tags",
        ),
        (
            "issues",
            "issue_findings",
            "links",
            "coverage",
            "proposals",
            "proposal_findings",
        ),
        "pipelines.mine:mine_tables",
        "corpus",
        ("mine", "lexis", "intervals.py", "shortforms.py"),
        ("spacy", "numpy", "scipy", "pandas"),
        spreads=True,
        takes={
            "documents": _ALL,
            "findings": Taken((c.FINDING_ID, c.DOCUMENT_ID, c.POLARITY, c.TEXT)),
            "tags": Taken((c.FINDING_ID, c.THEME, c.PROBABILITY, c.ASSIGNED), _NEARLY),
            "issue_tags": Taken(_ISSUE_TAG, GIVEN),
            "shares": Taken((c.FINDING_ID,)),
            "edits": _ALL,
            "recommendations": _ALL,
            "recommendation_tags": Taken(
                (c.RECOMMENDATION_ID, c.THEME, c.PROBABILITY, c.ASSIGNED), _NEARLY
            ),
        },
    ),
    Stage(
        "aggregate",
        "Count over units, regions, dates and ratings, with intervals.",
        (
            "documents",
            "standards",
            "key_questions",
            "findings",
            "tags",
            "issue_tags",
            "issues",
            "issue_findings",
        ),
        (
            "recurrence",
            "group_recurrence",
            "theme_unit",
            "breakdown",
            "trend",
            "repeats",
            "cooccurrence",
            "rating_contrast",
            "inspections",
            "question_units",
            "question_themes",
            "question_contrast",
        ),
        "pipelines.aggregate:aggregate_tables",
        "corpus",
        ("aggregate", "intervals.py", "manifest.py", "places.py", "frameworks"),
        ("numpy", "pandas"),
        takes={
            "documents": _ALL,
            "standards": _ALL,
            "key_questions": _ALL,
            "workbook_results": _ALL,
            "findings": _STREAMED,
            "tags": _STREAMED,
            "issue_tags": _STREAMED,
            "issues": _ALL,
            "issue_findings": _STREAMED,
            "edits": _ALL,
        },
    ),
    Stage(
        "report",
        "Write the theme report from the tables.",
        ("every table",),
        ("report",),
        "pipelines.report:write_report",
        "corpus",
        ("report", "shortforms.py"),
        ("altair", "jinja2", "vl-convert-python", "openpyxl", "python-docx"),
    ),
)


def stage(name: str) -> Stage:
    """Return the stage of that name."""
    return next(entry for entry in STAGES if entry.name == name)


def stages_after(name: str) -> tuple[Stage, ...]:
    """Return the stages whose results are stale once `name` has been done again."""
    names = [entry.name for entry in STAGES]
    return STAGES[names.index(name) + 1 :]


@cache
def code_version(*names: str) -> str:
    """Name the code, data and libraries that the stages' results depend on, in 16 digits.

    A change of any file of a stage makes its cached results stale by itself: no number that
    somebody must remember to raise.
    """
    root = Path(pipelines.__file__).parent
    state = hashlib.sha256()
    for name in names:
        entry = stage(name)
        for part in (*SHARED_CODE, *entry.code):
            for path in _files(root / part):
                state.update(path.relative_to(root).as_posix().encode())
                state.update(_digest(path))
        for library in entry.libraries:
            state.update(f"{library} {_installed(library)}".encode())
    return state.hexdigest()[:16]


@cache
def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return [path] if path.is_file() else []


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"
