"""Names of a package that are imported when they are first used, so that others cost nothing.

A command that reads a table must not wait for the libraries of a stage that it does not do, and a
worker that reads needs none of those that count.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def names_on_demand(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return the `__getattr__` of a package that imports its names when they are asked for.

    Args:
        package: Its `__name__`.
        homes: The module of each name. No name may be that of a module of the package: once
            imported by anybody, the module would stand where the name is looked for.
    """

    def find(name: str) -> object:
        if name not in homes:
            known = ", ".join(sorted(homes))
            raise AttributeError(f"module {package!r} has no attribute {name!r}; it has {known}")
        value = getattr(import_module(homes[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return find
