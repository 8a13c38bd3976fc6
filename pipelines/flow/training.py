"""Training for who asks: the reports that labels stand in are read as `alone` reads them.

A PDF that fills the memory or does not end costs its labels, which are counted, and not the hour
of training.
"""

from __future__ import annotations

from pipelines.flow.alone import read_document
from pipelines.tag.labels.reading import LabelSet
from pipelines.tag.training import train
from pipelines.tag.training.settings import TrainSettings


def read_labels(settings: TrainSettings) -> LabelSet:
    """Read and check all labels of a training run; find the texts of stand-off labels.

    Raises:
        CorpusError: A file cannot be read.
    """
    return train.read_labels(settings, read=read_document)


def train_model(settings: TrainSettings, *, labels: LabelSet | None = None) -> train.Outcome:
    """Train, measure, compare and save a model; put it in use unless it is worse.

    Args:
        settings: Of the run.
        labels: As `read_labels` gave them for these settings; read where not given.

    Raises:
        CorpusError: Labels must be corrected first, or a theme has too few.
        ArtefactError: The model in use is damaged.
        SettingsError: They are no settings.
    """
    return train.train_model(settings, labels=labels, read=read_document)
