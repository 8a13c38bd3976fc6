"""Models as they were saved before format 3: scikit-learn's own objects in a file of skops.

They are still read; whatever is trained now is saved as `weights.py` does it.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.errors import UntrustedArtefact
from pipelines.tag.features import learned_terms
from pipelines.tag.model import LEVELS
from pipelines.tag.weights import Numbers, sparse, unpacked

WEIGHTS: Final = "model.skops"


def load_earlier_weights(path: Path) -> Numbers:
    """Read the numbers of a model of format 2 without trusting them.

    Raises:
        UntrustedArtefact: The file holds types that are not scikit-learn's own, or is no archive.
        ArtefactError: It holds something else than a training wrote.
    """
    return unpacked(path, _read)


def _read(path: Path) -> Numbers:
    import skops.io as sio

    if untrusted := sio.get_untrusted_types(file=path):
        raise UntrustedArtefact(
            f"{path} holds types that are not scikit-learn's own: "
            f"{', '.join(sorted(untrusted))}; do not use this model"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a version mismatch is settled by the probes
        kept: dict[str, Any] = sio.load(path, trusted=[])
    arrays = {f"{level}.{name}": kept[level][name] for level in LEVELS for name in kept[level]}
    return Numbers(
        learned_terms(kept["features"]),
        {level: sparse(arrays, level) for level in LEVELS},
        {level: np.asarray(kept[level]["intercepts"], dtype=np.float64) for level in LEVELS},
    )
