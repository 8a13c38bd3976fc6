"""Many phrases looked for at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

_HERE: Final = None  # under which a branch holds the names of the phrases that end there


class Phrases:
    """Named sequences of words as a tree, whose branches are the words that may come next."""

    def __init__(self) -> None:
        self._root: dict[str | None, Any] = {}

    def add(self, name: str, words: Iterable[str]) -> None:
        """Look for these words too; a name may have many sequences, and a sequence many names."""
        branch = self._root
        for word in words:
            branch = branch.setdefault(word, {})
        branch.setdefault(_HERE, {})[name] = None

    def found(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Give each place of each phrase in words: its name, its first word, the word after."""
        for first, word in enumerate(words):
            branch = self._root.get(word)
            end = first + 1
            while branch is not None:
                for name in branch.get(_HERE, ()):
                    yield name, first, end
                branch = branch.get(words[end]) if end < len(words) else None
                end += 1
