"""The hosts that a manifest trusts."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.errors import UnreadableDocument
from pipelines.fetch.addresses import host_of
from pipelines.manifest import Published


def hosts_of(manifest: Iterable[Published]) -> frozenset[str]:
    """Return the hosts of a manifest's addresses."""
    hosts = set()
    for entry in manifest:
        if entry.address:
            try:
                hosts.add(host_of(entry.address))
            except UnreadableDocument:  # said when its own turn comes
                continue
    return frozenset(hosts)
