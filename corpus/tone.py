"""Make `pipelines/data/tone.csv`: how much each word speaks for a strength, or for an area.

python corpus/tone.py            write it anew
python corpus/tone.py --check    exit status 1 if what is shipped differs

Learned from the polarity of the findings that we wrote, and of their clauses: a clause speaks as
its finding does, as a rule, and where one does not a hundred others outweigh it.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipelines.records import Polarity
from pipelines.tag.features.tone import clauses, words_of
from pipelines.tag.training.settings import TrainSettings
from pipelines.tag.training.train import read_labels

TARGET = Path(__file__).parents[1] / "pipelines" / "data" / "tone.csv"
FEWEST = 5  # texts that have a word of which something is learned
SMALLEST = 0.3  # weight that is kept
FREELY = 5.0  # how freely it is fitted; more, and rare words count for more


def make_table() -> str:
    """Learn the weights; return them as CSV, that of no word first: what every clause begins at."""
    texts: list[set[str]] = []
    strengths: list[bool] = []
    for label in read_labels(TrainSettings()).require():
        if label.polarity and not label.real:
            parts = clauses(label.text)
            own = [label.text, *(parts if len(parts) > 1 else ())]
            texts += map(words_of, own)
            strengths += [label.polarity == str(Polarity.STRENGTH)] * len(own)
    counts = Counter(word for words in texts for word in words)
    known = sorted(word for word, number in counts.items() if number >= FEWEST)
    place = {word: number for number, word in enumerate(known)}
    cells = [
        (row, place[word], 1 / math.sqrt(len(words)))
        for row, words in enumerate(texts)
        for word in sorted(words)
        if word in place
    ]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(texts), len(known)))
    y = np.asarray(strengths)
    fitted = LogisticRegression(C=FREELY, solver="liblinear", max_iter=300).fit(matrix, y)
    weights = fitted.coef_[0].round(2)
    weights[np.abs(weights) < SMALLEST] = 0
    tones = matrix @ weights
    base = -(tones[y].mean() + tones[~y].mean()) / 2  # neither kind is the likelier
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("word", "weight"))
    writer.writerow(("", f"{base:.2f}"))
    writer.writerows((known[n], f"{weights[n]:.2f}") for n in np.flatnonzero(weights))
    return out.getvalue()


def main() -> int:
    """Write the file, or compare it with what is shipped."""
    made = make_table()
    if "--check" in sys.argv[1:]:
        same = TARGET.read_text("utf-8") == made
        print("as shipped" if same else f"{TARGET} differs: run python corpus/tone.py")
        return 0 if same else 1
    TARGET.write_text(made, "utf-8")
    print(f"{len(made.splitlines()) - 2} words in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
