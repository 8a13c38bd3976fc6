"""Parts: independent pieces of the mining, done one after another or side by side in processes.

The processes are this machine's, or those that joblib was told of: the workers of a cluster. What
a part is never depends on the number of jobs, and results come back in the order of the parts, so
any number of jobs anywhere gives the same tables.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from threadpoolctl import threadpool_limits

from pipelines.errors import SettingsError
from pipelines.project import Layers, layers_held, layers_in_use

WORTHWHILE: Final = 40_000
"""Findings from which on processes gain more than starting them costs."""

_ONE_AT_A_TIME: Final = threading.Lock()
"""Layers and limits are of a process, but a worker of a cluster may have several threads."""

Part = TypeVar("Part")
Result = TypeVar("Result")


def jobs_for(findings: int, jobs: int) -> int:
    """Return how many processes are worth starting to mine so many findings.

    Raises:
        SettingsError: `jobs` is less than 1.
    """
    if jobs < 1:
        raise SettingsError(f"mining: jobs is {jobs}; expected 1 or more")
    return jobs if findings >= WORTHWHILE else 1


def spread(
    function: Callable[[Part], Result], parts: Iterable[Part], *, jobs: int
) -> Iterator[Result]:
    """Yield what a function makes of each part, in the order of the parts.

    Args:
        function: Of a module, so that another process finds it; it must depend on its part alone.
        parts: May be a generator: no more parts are held than are being worked on.
        jobs: Processes; with 1 all is done in this one.
    """
    if jobs == 1:
        yield from map(function, parts)
        return
    from joblib import Parallel, delayed

    crew = Parallel(n_jobs=jobs, return_as="generator")
    layers = layers_in_use()
    yield from crew(delayed(_alone)(function, part, layers) for part in parts)


def _alone(function: Callable[[Part], Result], part: Part, layers: Layers) -> Result:
    """Do a part on one thread, as this process does: the same sums in the same order."""
    with _ONE_AT_A_TIME, threadpool_limits(limits=1), layers_held(layers):
        return function(part)
