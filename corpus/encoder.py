"""Make `pipelines/data/encoder.npz`: MiniLM trained further on our written findings.

Run once, by hand; neither training a model nor tagging needs it. It takes about an hour on two
cores, and jax, optax, safetensors and tokenizers:

    python corpus/encoder.py model.safetensors tokenizer.json

The weights to begin with are those of all-MiniLM-L6-v2 (Apache-2.0), a file of SHA-256 53aa5117…,
which this script insists on. All layers are trained, the embedding of pieces is left as it is. A
quarter of the voices and all reports are left out, and so is what is written after: on these are
models that read with the encoder measured.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from pipelines.tag.features.encoder import HEADS, MOST_PIECES, NORMS
from pipelines.tag.features.meanings import load_meanings
from pipelines.tag.features.pieces import END, START, UNKNOWN, WordPieces
from pipelines.tag.fitting.fit import Examples
from pipelines.tag.models.model import LEVELS, slugs_of
from pipelines.tag.training.settings import TrainSettings
from pipelines.tag.training.train import read_labels

TARGET = Path(__file__).parents[1] / "pipelines" / "data" / "encoder.npz"
BEGINNING = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LEFT_OUT = 4  # of so many voices one is left out, in the order of their names
LAST_VOICE = 47  # voices written later are left out, too
EPOCHS = 5
BATCH = 32
RATE = 2e-4  # of the layers; of what is put on top, fifteen times as much
DROPPED = 0.1  # share of numbers set to 0 in training
STEPS = 127  # from 0 to the largest weight of a column: kept in one byte
Tree = dict[str, Any]


def examples() -> Examples:
    """Return what is trained on."""
    every = Examples.of(read_labels(TrainSettings()).require())
    voices = sorted(set(every.voices) - {""})
    out = {v for n, v in enumerate(voices) if n % LEFT_OUT == 0 or int(v[1:]) > LAST_VOICE}
    return every.where(np.asarray([x.voice not in out and not x.real for x in every.labels]))


def beginning(path: Path) -> tuple[Tree, list[Tree]]:
    """Return the embedding and the layers to begin with, matrices as they are multiplied by."""
    if hashlib.sha256(path.read_bytes()).hexdigest() != BEGINNING:
        sys.exit(f"{path} is not the file that this was made with (SHA-256 {BEGINNING})")
    kept = load_file(path)

    def norm(name: str) -> list[Any]:
        return [kept[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias")]

    embedding = {
        "embedding": kept["embeddings.word_embeddings.weight"],
        "places": kept["embeddings.position_embeddings.weight"][:MOST_PIECES]
        + kept["embeddings.token_type_embeddings.weight"][0],
        "norms": np.stack(norm("embeddings")),
    }
    layers = []
    for n in range(6):
        name = f"encoder.layer.{n}."
        attention = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
        matrices = {
            "gather": f"{name}attention.output.dense",
            "widen": f"{name}intermediate.dense",
            "narrow": f"{name}output.dense",
        }
        layers.append(
            {
                "attend": np.hstack([kept[f"{part}.weight"].T for part in attention]),
                "attend_bias": np.hstack([kept[f"{part}.bias"] for part in attention]),
                **{key: kept[f"{part}.weight"].T for key, part in matrices.items()},
                **{f"{key}_bias": kept[f"{part}.bias"] for key, part in matrices.items()},
                "norms": np.stack([*norm(f"{name}attention.output"), *norm(f"{name}output")]),
            }
        )
    return jax.tree.map(jnp.asarray, embedding), jax.tree.map(jnp.asarray, layers)


def normal(x: jax.Array, size: jax.Array, shift: jax.Array) -> jax.Array:
    """Bring rows to mean 0 and variance 1, then to a size and shift."""
    x = x - x.mean(-1, keepdims=True)
    return x / jnp.sqrt((x * x).mean(-1, keepdims=True) + NORMS) * size + shift


def dropped(x: jax.Array, key: jax.Array) -> jax.Array:
    """Set some numbers to 0 and make up for it in the others."""
    return jnp.where(jax.random.bernoulli(key, 1 - DROPPED, x.shape), x / (1 - DROPPED), 0)


def read(
    layers: list[Tree], embedding: Tree, numbers: jax.Array, there: jax.Array, key: jax.Array
) -> jax.Array:
    """Read a batch as `Encoder` does, with dropout: (texts, dimensions)."""
    x = embedding["embedding"][numbers] + embedding["places"][: numbers.shape[1]]
    x = dropped(normal(x, *embedding["norms"]), key)
    size, long, width = x.shape
    for n, layer in enumerate(layers):
        keys = jax.random.split(jax.random.fold_in(key, n), 3)
        joint = (x @ layer["attend"] + layer["attend_bias"]).reshape(size, long, 3, HEADS, -1)
        query, known, value = joint.transpose(2, 0, 3, 1, 4)
        scores = query @ known.transpose(0, 1, 3, 2) / np.sqrt(width // HEADS)
        weights = jax.nn.softmax(scores - 1e9 * (1 - there[:, None, None, :]), axis=-1)
        seen = (dropped(weights, keys[0]) @ value).transpose(0, 2, 1, 3).reshape(x.shape)
        seen = seen @ layer["gather"] + layer["gather_bias"]
        x = normal(x + dropped(seen, keys[1]), *layer["norms"][:2])
        wide = jax.nn.gelu(x @ layer["widen"] + layer["widen_bias"], approximate=True)
        narrow = wide @ layer["narrow"] + layer["narrow_bias"]
        x = normal(x + dropped(narrow, keys[2]), *layer["norms"][2:])
    mean = (x * there[..., None]).sum(1) / there.sum(1, keepdims=True)
    return dropped(mean, jax.random.fold_in(key, len(layers)))


def batches(
    texts: list[list[int]], rng: np.random.Generator
) -> Iterator[tuple[Any, jax.Array, jax.Array]]:
    """Put texts of about the same length together: rows, numbers of pieces, which are there."""
    order = np.argsort(np.asarray([len(t) for t in texts]) + rng.uniform(-4, 4, len(texts)))
    whole = [order[n : n + BATCH] for n in range(0, len(order) - BATCH + 1, BATCH)]
    rng.shuffle(whole)
    for rows in whole:
        long = -(-max(len(texts[n]) for n in rows) // 8) * 8
        numbers, there = np.zeros((BATCH, long), np.int32), np.zeros((BATCH, long), np.float32)
        for place, n in enumerate(rows):
            numbers[place, : len(texts[n])] = texts[n]
            there[place, : len(texts[n])] = 1
        yield rows, numbers, there


def trained(learned: Examples, embedding: Tree, layers: list[Tree], cut: WordPieces) -> Tree:
    """Train layers, and a score for each slug on top of them, for all levels at once."""
    texts = [cut.numbers(label.text, most=MOST_PIECES) for label in learned.labels]
    y = np.hstack([learned.y[level] for level in LEVELS]).astype(np.float32)
    share = np.clip(((y == 1).sum(0) + 1) / ((y >= 0).sum(0) + 2), 1e-4, 0.5)
    net: Tree = {
        "layers": layers,
        "out": jnp.zeros((embedding["places"].shape[1], y.shape[1])),
        "out_bias": jnp.asarray(np.log(share / (1 - share))),
    }
    steps = EPOCHS * (len(texts) // BATCH)

    def rate(most: float) -> Any:  # noqa: ANN401 - optax's own
        return optax.adamw(
            optax.warmup_cosine_decay_schedule(0, most, steps // 20, steps), weight_decay=0.01
        )

    kinds = {"layers": jax.tree.map(lambda _: "layers", layers), "out": "top", "out_bias": "top"}
    step_of = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.multi_transform({"layers": rate(RATE), "top": rate(15 * RATE)}, kinds),
    )
    state = step_of.init(net)

    def loss(net: Tree, numbers: jax.Array, there: jax.Array, y: jax.Array, key: jax.Array) -> Any:  # noqa: ANN401
        scores = read(net["layers"], embedding, numbers, there, key) @ net["out"] + net["out_bias"]
        each = optax.sigmoid_binary_cross_entropy(scores, jnp.maximum(y, 0)) * (y >= 0)
        return each.sum(1).mean()

    @jax.jit
    def step(net: Tree, state: Any, *batch: Any) -> Any:  # noqa: ANN401
        found, slope = jax.value_and_grad(loss)(net, *batch)
        change, state = step_of.update(slope, state, net)
        return optax.apply_updates(net, change), state, found

    rng, key, number = np.random.default_rng(0), jax.random.PRNGKey(0), 0
    for epoch in range(EPOCHS):
        losses = []
        for rows, numbers, there in batches(texts, rng):
            number += 1
            one = jax.random.fold_in(key, number)
            net, state, found = step(net, state, numbers, there, y[rows], one)
            losses.append(float(found))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}", flush=True)
    return jax.tree.map(np.asarray, net)


def used_pieces(names: list[str], learned: Examples, cut: WordPieces) -> list[int]:
    """Return the pieces worth keeping: of our texts and words, and what any word can be made of."""
    texts = [label.text for label in learned.labels] + list(load_meanings().places)
    used = {number for text in texts for number in cut.numbers(text, most=1_000_000)}

    def kept(number: int, name: str) -> bool:
        short = name.isascii() and len(name.removeprefix("##")) <= 2
        common = name.isascii() and name.startswith("##") and number < len(names) // 2
        return number in used or short or common or name in {START, END, UNKNOWN}

    return [number for number, name in enumerate(names) if kept(number, name)]


def main() -> None:
    """Train, and write the file."""
    embedding, layers = beginning(Path(sys.argv[1]))
    vocabulary = Tokenizer.from_file(sys.argv[2]).get_vocab()
    names = sorted(vocabulary, key=lambda name: vocabulary[name])
    cut, learned = WordPieces(names), examples()
    net = trained(learned, embedding, layers, cut)
    kept = used_pieces(names, learned, cut)
    out: Tree = {
        "said": np.frombuffer(
            json.dumps(
                {"slugs": {x: slugs_of(x) for x in LEVELS}, "layers": len(net["layers"])}
            ).encode(),
            np.uint8,
        ),
        "pieces": np.frombuffer("\n".join(names[n] for n in kept).encode(), np.uint8),
        "trained_on": np.asarray(sorted(int(x.digest, 16) for x in learned.labels), np.uint64),
        "places": np.asarray(embedding["places"], np.float16),
        "norms": np.asarray(embedding["norms"]),
        "out": net["out"],
        "out_bias": net["out_bias"],
    }
    matrices = {"embedding": (np.asarray(embedding["embedding"])[kept], 1)}
    for n, layer in enumerate(net["layers"]):
        for name, values in layer.items():
            if values.ndim == 2 and name != "norms":
                matrices[f"{n}.{name}"] = (values, 0)
            else:
                out[f"{n}.{name}"] = values
    for name, (values, axis) in matrices.items():
        step = np.abs(values).max(axis=axis, keepdims=True) / STEPS
        step[step == 0] = 1
        out[name], out[f"{name}.step"] = np.rint(values / step).astype(np.int8), step
    np.savez_compressed(TARGET, **out)


if __name__ == "__main__":
    main()
