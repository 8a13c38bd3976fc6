"""How the workers of a Dask cluster come by the model of a run; imported with the extra only."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from distributed import Worker, WorkerPlugin

from pipelines.flow.workers.model import ModelChoice, forget_model, model_files, receive_model


class Delivery(WorkerPlugin):
    """Carries the files of a model; each worker writes them on arrival.

    As a plugin, so that workers that join later, or come back, are sent it too. It stays with them
    for the next run, which names it by the same bytes.
    """

    idempotent = True

    def __init__(self, model: ModelChoice) -> None:
        self._files = model_files(model.folder)
        self._digest = model.digest
        self._place: Path | None = None

    def setup(self, worker: Worker) -> None:
        """Write the model beside the worker's own files."""
        self._place = Path(tempfile.mkdtemp(prefix="findings-model-", dir=worker.local_directory))
        receive_model(self._files, self._place)

    def teardown(self, worker: Worker) -> None:
        """Remove it with the worker."""
        forget_model(self._digest)
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)
