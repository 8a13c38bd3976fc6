"""Fetch published reports by a manifest, politely, into a folder that `findings run` takes."""

from __future__ import annotations

from pipelines.fetch.batch import Fate, Outcome, check_reports, fetch_reports
from pipelines.fetch.folder import FetchFolder
from pipelines.fetch.index import find_unlisted
from pipelines.fetch.record import Record
from pipelines.fetch.settings import FetchSettings

__all__ = [
    "Fate",
    "FetchFolder",
    "FetchSettings",
    "Outcome",
    "Record",
    "check_reports",
    "fetch_reports",
    "find_unlisted",
]
