"""Mine: what exactly recurs, what figures findings state, which findings back a recommendation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.later import names_on_demand

if TYPE_CHECKING:
    from pipelines.mine.groups.discovery import DiscoverySettings
    from pipelines.mine.listing import said_once
    from pipelines.mine.mining import mine_tables
    from pipelines.mine.search import Index, build_index

__all__ = ["DiscoverySettings", "Index", "build_index", "mine_tables", "said_once"]

__getattr__ = names_on_demand(
    __name__,
    {
        "DiscoverySettings": "pipelines.mine.groups.discovery",
        "Index": "pipelines.mine.search",
        "build_index": "pipelines.mine.search",
        "mine_tables": "pipelines.mine.mining",
        "said_once": "pipelines.mine.listing",
    },
)
