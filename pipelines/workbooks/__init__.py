"""Data workbooks that are published with an inspection: read, checked cell by cell."""

from __future__ import annotations

from pipelines.workbooks.cells import Cell, Sheet
from pipelines.workbooks.opening import read_sheets
from pipelines.workbooks.results import Result, find_results

__all__ = ["Cell", "Result", "Sheet", "find_results", "read_sheets"]
