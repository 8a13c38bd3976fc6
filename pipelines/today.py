"""The day that reports and recorded steps bear."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import Final

from pipelines.errors import SettingsError

VARIABLE: Final = "SOURCE_DATE_EPOCH"
"""Seconds since 1970, by which builds that can be repeated say what day it is."""


def today() -> date:
    """Return the day of SOURCE_DATE_EPOCH, in UTC; without it today on this machine.

    Raises:
        SettingsError: It says no time.
    """
    said = os.environ.get(VARIABLE, "")
    if not said:
        return date.today()
    try:
        return datetime.fromtimestamp(int(said), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise SettingsError(
            f"{VARIABLE}: got {said[:40]!r}; expected seconds since 1970, or nothing"
        ) from error
