"""The report as one Markdown file for wikis."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from pipelines.report.content import Content
from pipelines.report.contrast import by_chance, stand_out
from pipelines.report.finding import AREA
from pipelines.report.matrix import heat_map, ratings_matrices
from pipelines.report.repeats import named
from pipelines.report.templating import environment

# Characters by which text of a finding could become markup, a link, HTML or a table cell's end.
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~$#])")
# What begins a list or a rule where it begins a line: "- ", "1. ", but not "1.1 Leadership".
_OPENING: Final = re.compile(r"^\s*(?:(?=[-+=])|\d+(?=[.)](?:\s|$)))")
_STANDING_OUT: Final = 8
_SPACES: Final = re.compile(r"\s+")
_BLANKS: Final = re.compile(r"\n{3,}")


def render_markdown(content: Content) -> str:
    """Return the report as Markdown."""
    text = (
        _templates()
        .get_template("report.md.j2")
        .render(
            content=content,
            heat=heat_map(content, AREA),
            hashes=[(s.path, s.sha256) for s in content.sources if s.sha256],
            less=stand_out(content.contrasts, more=False, most=_STANDING_OUT),
            matrices=ratings_matrices(content),
            more=stand_out(content.contrasts, more=True, most=_STANDING_OUT),
        )
    )
    return _BLANKS.sub("\n\n", text)


@cache
def _templates() -> Environment:
    templates = environment()
    templates.globals.update(by_chance=by_chance, named=named)
    templates.filters.update(md=escape, cell=escape)
    return templates


def escape(text: object) -> Markup:
    """Return the text on one line with nothing in it that Markdown would act on.

    `<` becomes an entity, as wikis that pass HTML through ignore a backslash before it.
    """
    line = _SPACES.sub(" ", str(text))
    line = _SPECIAL.sub(r"\\\1", line).replace("\\<", "&lt;").replace("\\>", "&gt;")
    line = line.replace("://", ":\u200b//")  # bare addresses would become links
    return Markup(_OPENING.sub(r"\g<0>\\", line))  # noqa: S704 -- escaped for Markdown above
