"""Fetch published reports by a manifest, politely, into a folder that `findings run` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.later import names_on_demand

if TYPE_CHECKING:
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

__getattr__ = names_on_demand(
    __name__,
    {
        "Fate": "pipelines.fetch.batch",
        "FetchFolder": "pipelines.fetch.folder",
        "FetchSettings": "pipelines.fetch.settings",
        "Outcome": "pipelines.fetch.batch",
        "Record": "pipelines.fetch.record",
        "check_reports": "pipelines.fetch.batch",
        "fetch_reports": "pipelines.fetch.batch",
        "find_unlisted": "pipelines.fetch.index",
    },
)
