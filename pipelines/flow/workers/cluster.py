"""Where documents are worked on: the cores of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pipelines.errors import MissingExtra, SettingsError
from pipelines.flow.settings import RunSettings
from pipelines.flow.stages import code_version
from pipelines.flow.workers.model import ModelChoice

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_SECONDS: Final = 30
_ON_WORKERS: Final = ("read", "segment", "tag", "mine")


@contextmanager
def backend(settings: RunSettings, *, model: ModelChoice | None = None) -> Iterator[int]:
    """Give the context in which joblib works for these settings, and how much it does at once.

    A task lost with a worker of the cluster is done again by another: Dask sees to that.

    Args:
        settings: Of the run.
        model: What documents are tagged with; workers of a cluster are sent it.

    Raises:
        MissingExtra: A scheduler is named, but Dask is not installed.
        SettingsError: The scheduler does not answer, or a worker has other code than we have.
    """
    from joblib import parallel_config

    if settings.scheduler is None:
        # Threads only wait here; the work is done in the guards, one process a thread.
        with parallel_config(backend="threading", n_jobs=settings.workers):
            yield settings.workers
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtra("Working on a cluster (--scheduler)", "dask") from error
    _require_certificates(settings.scheduler)
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
        _same_code(client)
        if model is not None:
            from pipelines.flow.workers.delivery import Delivery

            client.register_plugin(Delivery(model), name=f"findings-model-{model.digest}")
        yield sum(client.ncores().values())  # type: ignore[no-untyped-call]


def _require_certificates(scheduler: str) -> None:
    """Check that Dask has certificates for `tls://`: a client made without takes a minute to end.

    Raises:
        SettingsError: None are named, or those named cannot be read.
    """
    from distributed.security import Security

    if not scheduler.startswith("tls://"):
        return
    try:
        context = Security().get_connection_args("client").get("ssl_context")  # type: ignore[no-untyped-call]
    except (OSError, TypeError, ValueError) as error:
        raise SettingsError(
            f"setting scheduler: the certificates for {scheduler} cannot be read ({error}); "
            "correct DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY"
        ) from error
    if context is None:
        raise SettingsError(
            f"setting scheduler: {scheduler} needs certificates; name them by Dask's settings "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY"
        )


def _same_code(client: Client) -> None:
    """Refuse workers that would give other results; no protection from a hostile one.

    Raises:
        SettingsError: The code, the data or a library of one differs from ours.
    """
    ours = code_version(*_ON_WORKERS)
    for address, theirs in client.run(code_version, *_ON_WORKERS).items():
        if theirs != ours:
            raise SettingsError(
                f"setting scheduler: worker {address} has other code or libraries than this "
                f"process ({theirs}, expected {ours}); install the same version and lock file there"
            )
