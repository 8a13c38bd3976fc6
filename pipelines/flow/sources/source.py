"""A source of a run: what it is called, where it is, and why it cannot be tried."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.flow.sources.addresses import shown


@dataclass(frozen=True, slots=True)
class Source:
    """A source of a run.

    Attributes:
        path: As the tables say it: below the folder that was given, so the same on every machine.
        address: Where it is: a path of this machine, or an address such as `s3://bucket/key`.
        root: The last part of the folder that was given; tells two sources of one path apart.
        problem: Why it cannot be tried at all; empty where it can.
        remedy: What to do about the problem; empty where that goes without saying.
        aside: Whether it is of a kind that is not read: `problem` says which.
        archive: Path of the zip archive that it is packed in; empty where it is not.
        packed: Its name in there.
    """

    path: str
    address: str
    root: str = ""
    problem: str = ""
    remedy: str = ""
    aside: bool = False
    archive: str = ""
    packed: str = ""

    @property
    def place(self) -> str:
        """Where it is, for tables and messages: without what opens an address."""
        return shown(self.address)

    @property
    def remote(self) -> bool:
        """Whether it must be fetched first."""
        return "://" in self.address
