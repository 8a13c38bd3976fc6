"""One document read for who asks in Python: a PDF in a process of its own, as runs read it.

PDFium draws what a page says, and a page of a few bytes can say more than any memory holds, or
what never ends. In a notebook that would end the kernel with all that it holds. So the process that
reads PDFs is another, begun with the first of them and kept for the next; all else is read here.
"""

from __future__ import annotations

import os
from dataclasses import asdict, fields, replace
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from pipelines.boxes import Box
from pipelines.errors import UnreadableDocument, check_kind
from pipelines.flow.settings import RunSettings
from pipelines.flow.workers.pool import GuardPool
from pipelines.flow.workers.process import Call
from pipelines.read import load_bytes, read_bytes
from pipelines.read import read_document as read_in_this_process
from pipelines.read import trace_document as trace_in_this_process
from pipelines.read.archives import page_of_archive
from pipelines.read.limits import DEFAULT_LIMITS, Limits
from pipelines.read.sniff import is_pdf
from pipelines.records import Block, BlockKind, Document

_TIMES: Final = 3  # a scan is read, recognised, and read again, each within the limit of seconds
_NAMES: Final = tuple(field.name for field in fields(Block) if field.name != "boxes")
_values, _sides = attrgetter(*_NAMES), attrgetter(*(field.name for field in fields(Box)))


def read_document(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a PDF, Word (.docx), HTML or text file into a document.

    Args:
        path: A file; its suffix is only a hint, its content decides.
        limits: Size, length, depth and time beyond which it is refused.

    Raises:
        SettingsError: `path` is no name of a file.
        UnreadableDocument: It cannot be opened, is not text, is beyond a limit, or what it draws
            fills the memory or does not end; the error says what its owner can do.
        MachineError: It is a PDF, and this machine can start no process to read it in.
    """
    check_kind("path", path, (str, os.PathLike), "the name of a file")
    if "://" in str(path) and not os.path.lexists(path):
        raise UnreadableDocument(
            "an address is no file", remedy="save it and give the file; a run takes addresses"
        )
    data = load_bytes(path, limits=limits)
    if not is_pdf(page_of_archive(data) or data):
        return read_bytes(data, path=str(path), limits=limits)
    told = _asked("read_here", path, limits.seconds, limits=asdict(limits))
    return replace(_document(told), path=str(path))


def trace_document(
    path: str | Path, *, page: int | None = None, seconds: float = DEFAULT_LIMITS.seconds
) -> list[str]:
    """Describe what each pass of reading a PDF changed on which page, a line for each change.

    Args:
        path: A PDF.
        page: Describe this page alone, counted from 1.
        seconds: Time for reading; three times as much and it is given up, as `read_document` does.

    Raises:
        UnreadableDocument: As for `read_document`; or it is not a PDF.
        MachineError: This machine can start no process to read it in.
    """
    lines: list[str] = _asked("trace_here", path, seconds, page=page)["lines"]
    return lines


def _asked(function: str, path: str | Path, seconds: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what a function of this module says of a PDF in the process kept for that."""
    call = Call(
        f"{__name__}:{function}",
        {"path": os.path.abspath(path), **more},  # noqa: PTH100 - as sources are
        prepare=f"{__name__}:prepare",
    )
    memory = RunSettings(cache=None).memory
    answer = _pool(os.getpid()).ask(call, seconds=_TIMES * seconds, memory=memory)
    if answer.failed and answer.lasting:
        raise UnreadableDocument(answer.reason, remedy=answer.remedy)
    if answer.failed:
        raise UnreadableDocument(
            answer.reason,
            remedy="the document may crash the reader or fill the memory; open and save it anew "
            "with another program, split it, or give pipelines.run more timeout and memory",
        )
    value: dict[str, Any] = answer.value
    return value


@cache
def _pool(_process: int) -> GuardPool:
    """The guards of a process: one that was forked from it must not read another's answers."""
    return GuardPool()


def prepare() -> None:
    """Import what reading a PDF needs, outside the document's time."""
    import pipelines.read.pdf.extract.pdfium
    import pipelines.read.pdf.layout  # noqa: F401


def read_here(path: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Read a document in this process; the other side of `read_document`, as JSON can hold it."""
    document = read_in_this_process(path, limits=Limits(**limits))
    told = {field.name: getattr(document, field.name) for field in fields(Document)}
    return {**told, "blocks": [(_values(b), [*map(_sides, b.boxes)]) for b in document.blocks]}


def trace_here(path: str, page: int | None) -> dict[str, Any]:
    """Trace a PDF in this process; the other side of `trace_document`."""
    return {"lines": [*trace_in_this_process(path, page=page)]}


def _document(told: dict[str, Any]) -> Document:
    blocks = tuple(_block(*block) for block in told["blocks"])
    return Document(**{**told, "blocks": blocks, "warnings": tuple(told["warnings"])})


def _block(values: list[Any], boxes: list[list[Any]]) -> Block:
    given = dict(zip(_NAMES, values, strict=True))
    given["kind"] = BlockKind(given["kind"])
    given |= {name: tuple(map(tuple, given[name])) for name in ("bold", "rows")}
    return Block(**given, boxes=tuple(Box(*box) for box in boxes))
