"""Lines of one element of a page, separated by <br>: a paragraph, or several blocks."""

from __future__ import annotations

from dataclasses import replace

from pipelines.read.drafts.assemble import BOLD_OFF, BOLD_ON, plain
from pipelines.read.drafts.lines import Line, parse_plain
from pipelines.read.drafts.polish import is_quotation
from pipelines.read.drafts.wrapping import ends_sentence


def part_lines(lines: list[str]) -> list[str]:
    """Split lines where one is a heading, a bullet or a quotation; else keep them as one."""
    parts: list[str] = []
    for line in lines:
        after = parts[-1] if parts else ""
        opens = _is_bold(line) or parse_plain(line) is not None
        if not after or opens or _is_bold(after) or _quotes(line, after):
            parts.append(line)
        else:
            parts[-1] = f"{after}\n{line}"
    return parts


def read_opening(text: str) -> Line | None:
    """Judge a paragraph of several lines by the opening of its first."""
    first, end, rest = text.partition("\n")
    line = parse_plain(first)
    return None if line is None else replace(line, text=f"{line.text}{end}{rest}")


def _is_bold(line: str) -> bool:
    return line.startswith(BOLD_ON) and line.endswith(BOLD_OFF)


def _quotes(line: str, after: str) -> bool:
    """Whether a line is a quotation below a sentence, and no part of it."""
    return is_quotation(plain(line)) and ends_sentence(plain(after))
