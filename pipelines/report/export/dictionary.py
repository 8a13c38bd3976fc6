"""The data dictionary: what tables and columns mean, made from the definitions the code follows."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.columns import COLUMNS, TABLES, Column

HEADS = ("table", "a_row_is", "column", "kind", "meaning")


def dictionary_rows(tables: Iterable[str] | None = None) -> list[tuple[str, str, str, str, str]]:
    """Return a row for each column of the tables: table, what a row is, column, kind, meaning.

    Args:
        tables: Names to keep, in the order of the contract; all where none are given.
    """
    wanted = set(TABLES) if tables is None else set(tables)
    return [
        (table.name, table.row, column.name, column.kind, column.meaning)
        for table in TABLES.values()
        if table.name in wanted
        for column in table.columns
    ]


def describe_columns(names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return name, kind and meaning for each column of a result, `computed` where it is ours not.

    A column that means different things in different tables is described as in most of them.
    """
    computed = Column("", "text", "Computed by the query")
    out: list[tuple[str, str, str]] = []
    for name in names:
        known = COLUMNS.get(name)
        out.append((name, known.kind if known else "", (known or computed).meaning))
    return out


def dictionary_markdown(tables: Iterable[str] | None = None) -> str:
    """Return the dictionary as Markdown, a section for each table."""
    lines = ["# Data dictionary", ""]
    rows = dictionary_rows(tables)
    for name in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == name]
        lines += [f"## {name}", "", f"A row is {own[0][1]}.", ""]
        lines += ["| column | kind | meaning |", "|---|---|---|"]
        lines += [f"| {column} | {kind} | {meaning} |" for _, _, column, kind, meaning in own]
        lines.append("")
    return "\n".join(lines)
