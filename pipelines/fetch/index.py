"""Pages that list publications: which inspections on them are in no manifest yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.errors import UnreadableDocument
from pipelines.fetch.addresses import host_of, joined, without_secrets
from pipelines.fetch.client import Client
from pipelines.fetch.folder import FetchFolder
from pipelines.fetch.hosts import hosts_of
from pipelines.fetch.pages import Link, listed_reports, read_page
from pipelines.fetch.settings import FetchSettings
from pipelines.manifest import Published
from pipelines.read.sniff import decode

_PAGES: Final = 20
"""Pages of one list that are read: the newest stand first."""

_NEXT: Final = re.compile(r"^(?:next|next page|older|older posts|›|»|→)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A publication that looks like an inspection report and is in no manifest."""

    title: str
    address: str


def find_unlisted(
    addresses: Iterable[str],
    manifest: Sequence[Published],
    folder: FetchFolder,
    settings: FetchSettings,
) -> tuple[list[Unlisted], list[str]]:
    """Read lists of publications, page after page, for inspections that the manifest lacks.

    Args:
        addresses: Of the lists, on hosts of the manifest.
        manifest: All inspections known.
        folder: Of the reports fetched: what they came from is known too.
        settings: Of the client.

    Returns:
        What is new, in the order of the lists; and why a list could not be read.

    Raises:
        MissingExtra: The HTTP library is not installed.
        StorageError: The folder cannot be written or is in use.
    """
    found: dict[str, Unlisted] = {}
    failures = []
    with Client(settings, hosts_of(manifest)) as client, folder.opened(manifest):
        known = {_plain(entry.address) for entry in manifest if entry.address}
        for record in folder.records.values():
            known |= {_plain(a) for a in (record.page, record.asked, record.address) if a}
        for address in addresses:
            try:
                for link in _listed(client, folder, address):
                    place = _plain(link.address)
                    if place not in known:
                        found.setdefault(
                            place, Unlisted(link.text[:200], without_secrets(link.address))
                        )
            except UnreadableDocument as error:
                failures.append(str(error))
    return list(found.values()), failures


def _listed(client: Client, folder: FetchFolder, address: str) -> Iterable[Link]:
    seen: set[str] = set()
    while address and address not in seen and len(seen) < _PAGES:
        seen.add(address)
        part = folder.part("index")
        try:
            answer = client.get(address, part)
            data = part.path.read_bytes()
            yield from listed_reports(read_page(data, answer.address))
            address = _following(data, answer.address)
        finally:
            part.drop()


def _following(data: bytes, address: str) -> str:
    """Return the address of the list's next page; empty on its last."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(decode(data)[0])
    for node in tree.css("link[rel~=next][href], a[rel~=next][href], a[href]"):
        named = "next" in (node.attributes.get("rel") or "").split()
        if named or _NEXT.match(" ".join(node.text().split())):
            try:
                return joined(address, node.attributes.get("href") or "")
            except UnreadableDocument:
                continue
    return ""


def _plain(address: str) -> str:
    """Reduce an address to what is compared: scheme, "www." and a slash at its end aside."""
    bare = without_secrets(address)
    try:
        host = host_of(bare).removeprefix("www.")
    except UnreadableDocument:
        return bare
    return f"{host}/{bare.partition('://')[2].partition('/')[2]}".rstrip("/")
