"""Make `pipelines/data/meanings.npz`: a vector a word, from a sentence encoder asked word by word.

Run once, by hand; neither training nor tagging needs it:

    python corpus/meanings.py model.onnx tokenizer.json

The encoder is all-MiniLM-L6-v2 (Apache-2.0) as an int8 ONNX file of SHA-256 8199be6f…, which this
script insists on. Each word's vector is centred, turned to the directions in which words differ
most, given length 1 and weighed by smooth inverse frequency, a / (a + its share of our texts), so
that the common words of all findings count least (Arora, Liang and Ma, A simple but tough-to-beat
baseline for sentence embeddings, 2017).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from pipelines.lexis import annotate

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "pipelines" / "data" / "meanings.npz"
ENCODER = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 256
SMOOTHING = 1e-3
KNOWN_WORDS = 9000  # of the encoder's own vocabulary, which starts with the most frequent


def texts() -> list[str]:
    """Read the texts of our own findings."""
    files = [*sorted((ROOT / "corpus" / "labels").glob("*.jsonl"))]
    rows = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    return [row["text"] for row in rows if "text" in row]


def main() -> None:
    """Write the file."""
    import onnxruntime
    from tokenizers import Tokenizer

    encoder, tokenizer = Path(sys.argv[1]), Tokenizer.from_file(sys.argv[2])
    if hashlib.sha256(encoder.read_bytes()).hexdigest() != ENCODER:
        sys.exit(f"{encoder} is not the encoder that this was made with (SHA-256 {ENCODER})")
    tokenizer.no_padding()  # its file would pad each word to 128 tokens
    counts = Counter(token.lower for a in annotate(texts()) for token in a.tokens)
    listed = (ROOT / "pipelines" / "data" / "words.txt").read_text("utf-8").split()
    ranked = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    known = [word for word, _ in ranked if word.isascii() and word.isalpha() and len(word) > 2]
    words = sorted(
        word
        for word in {*counts, *listed, *known[:KNOWN_WORDS]}
        if word and not any(ch.isdigit() or ch.isspace() for ch in word)
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the texts are single words: threads would only wait
    session = onnxruntime.InferenceSession(str(encoder), options)
    rows = _embed(words, session, tokenizer)
    rows -= rows.mean(axis=0)
    _, _, directions = np.linalg.svd(rows, full_matrices=False)
    vectors = rows @ directions[:DIMENSIONS].T
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    total = sum(counts.values())
    weight = np.asarray([SMOOTHING / (SMOOTHING + counts[word] / total) for word in words])
    peak = np.abs(vectors).max(axis=1)
    np.savez_compressed(
        TARGET,
        words=np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8),
        vectors=np.round(vectors / peak[:, None] * 127).astype(np.int8),
        scales=(peak / 127 * weight).astype(np.float32),
    )
    sys.stdout.write(f"{len(words)} words, {TARGET.stat().st_size / 1e6:.1f} MB\n")


def _embed(words: list[str], session: object, tokenizer: object) -> np.ndarray:
    """Embed words, those of equally many tokens together, so that nothing is padded."""
    ids = [tokenizer.encode(word).ids for word in words]  # type: ignore[attr-defined]
    out = np.zeros((len(words), 384), dtype=np.float32)
    for length in sorted({len(one) for one in ids}):
        rows = [n for n, one in enumerate(ids) if len(one) == length]
        for first in range(0, len(rows), 128):
            batch = rows[first : first + 128]
            given = np.asarray([ids[n] for n in batch], dtype=np.int64)
            ones = np.ones_like(given)
            named = {"input_ids": given, "attention_mask": ones, "token_type_ids": 0 * given}
            mean = session.run(None, named)[0].mean(axis=1)  # type: ignore[attr-defined]
            out[batch] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return out


if __name__ == "__main__":
    main()
