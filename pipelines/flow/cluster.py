"""Where documents are worked on: the cores of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipelines.errors import MissingExtra, SettingsError
from pipelines.flow.settings import RunSettings

_CONNECT_SECONDS: Final = 30


@contextmanager
def backend(settings: RunSettings) -> Iterator[object]:
    """Give the context in which joblib works for these settings.

    A task lost with a worker of the cluster is done again by another: Dask sees to that.

    Raises:
        MissingExtra: A scheduler is named, but Dask is not installed.
        SettingsError: The scheduler does not answer.
    """
    from joblib import parallel_config

    if settings.scheduler is None:
        # Threads only wait here; the work is done in the guards, one process a thread.
        with parallel_config(backend="threading", n_jobs=settings.workers):
            yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtra("Working on a cluster (--scheduler)", "dask") from error
    try:
        client = Client(  # type: ignore[no-untyped-call]
            settings.scheduler, timeout=_CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        raise SettingsError(
            f"setting scheduler: {settings.scheduler} does not answer ({error}); "
            "start one with `dask scheduler` and give its address"
        ) from error
    with (
        client,
        parallel_config(backend="dask", client=client, wait_for_workers_timeout=_CONNECT_SECONDS),
    ):
        yield client
