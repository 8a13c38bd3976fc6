"""Feed the readers changed documents by the thousand and write down what they do.

    python tests/fuzz/readers.py pdf --runs 2000 --seed 1 --out reports/bench/fuzz-pdf.json
    python tests/fuzz/readers.py html --engine atheris --runs 20000

Two engines: `mutate` (ours: seeded, structure-aware, each document read in a guarded process, so a
crash or a hang is a result like any other) and `atheris` (coverage-guided, where it is installed:
`pip install atheris`, which has wheels for Linux only; it ends at the first fault, whose document
it keeps).

A run is well if the document is read, and every block and finding stands where it says, or if it
is refused with a remedy. Anything else is a fault, kept with its seed: `--only N` repeats one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import hostile
import invented

# Coverage can guide only what is imported under its eye.
if "--child" in sys.argv:
    import atheris

    watched = atheris.instrument_imports(include=["pipelines"])
else:
    watched = nullcontext()
with watched:
    import pipelines.read.html.reader
    import pipelines.read.pdf
    import pipelines.read.text.reader  # noqa: F401
    from pipelines.errors import UnreadableDocument
    from pipelines.flow.settings import RunSettings
    from pipelines.flow.workers.pool import GUARDS
    from pipelines.flow.workers.process import Call
    from pipelines.read import read_bytes
    from pipelines.records import BlockKind
    from pipelines.segment import segment_document

SECONDS = 20.0
"""Processor seconds beyond which a document counts as a hang: a busy machine must not make one."""
SLOW_SECONDS = 5.0
WALL_SECONDS = 6 * SECONDS
MORSELS = {
    "text": [
        *("Strengths:", "Areas for improvement:", "1.1 Leadership", "The PDU should:", "12/21"),
        *("• ", "- ", "o ", "1. ", "“", "”", "\u00ad", "\u200b", "\u202e", "\f", "\t", "\0"),
        *("\n", "\n\n", "........ 4", "(Back to top)", "Inadequate", "61 per cent", "¹", "[1]"),
    ],
    "html": [
        *("<ul>", "</ul>", "<li>", "<p>", "</p>", "<h2>", "</h2>", "<table><tr><td>", "</table>"),
        *("<div>", "<blockquote>", "<sup>1</sup>", "<br>", "&nbsp;", "&#0;", "&#xD800;", "<!--"),
        *("-->", "<script>", "</script>", "<![CDATA[", "<svg>", "<template>", "<a href='#'>", "<"),
    ],
    "pdf": [
        *("obj", "endobj", "stream", "endstream", "xref", "trailer", "/Kids", "/Parent", "/Length"),
        *("/Type /Page", "/Font", "/ToUnicode", "BT", "ET", "Tj", "TJ", "Tm", "Td", "Do", "q", "Q"),
        *("<<", ">>", "[", "]", "0 R", "-1", "999999999", "1e38", "/Filter /FlateDecode", "%%EOF"),
    ],
}


def seeds(kind: str) -> list[bytes]:
    """Return sound and hostile documents of a kind to start from."""
    suffix = {"text": "txt"}.get(kind, kind)
    sound = [invented.FORMATS[suffix](invented.invent(n, bullets=1)) for n in range(6)]
    odd = {"pdf": hostile.pdfs, "html": hostile.pages, "text": lambda: hostile.plain(scale=200)}
    # Sound ones thrice: a change is more telling where the rest still makes sense.
    return 3 * sound + [data for data in odd[kind]().values() if len(data) < 60_000]


def inflated(data: bytes) -> bytes:
    """Return a PDF with its streams unpacked, so that changes reach what is drawn."""

    def plain(match: re.Match[bytes]) -> bytes:
        try:
            content = zlib.decompress(match[2])
        except zlib.error:
            return match[0]
        head = re.sub(rb"/Filter\s*(\[[^\]]*\]|/\w+)", b"", match[1])
        head = re.sub(rb"/Length\s+\d+", b"/Length %d" % len(content), head)
        return head + b"stream\n" + content + b"\nendstream"

    return re.sub(rb"(<<[^>]*>>\s*)stream\r?\n(.*?)\r?\nendstream", plain, data, flags=re.DOTALL)


def mutated(kind: str, number: int, starts: list[bytes]) -> bytes:
    """Return the document of this number: the same on every machine."""
    rng = random.Random(f"{kind} {number}")
    data = bytearray(rng.choice(starts))
    if kind == "pdf" and rng.random() < 0.5:
        data = bytearray(inflated(bytes(data)))
    for _ in range(rng.choice((1, 2, 5, 20, 100))):
        change(data, kind, rng, starts)
        data = data[:200_000]
    return bytes(data)


def change(data: bytearray, kind: str, rng: random.Random, starts: list[bytes]) -> None:
    """Change a document at one place in one of seven ways."""
    at, size = rng.randrange(len(data) + 1), rng.choice((1, 2, 8, 64, 1024))
    other = rng.choice(starts)
    begin = rng.randrange(len(other) + 1)
    digits = [match.start() for match in re.finditer(rb"\d", data)]
    match rng.randrange(7):
        case 0:
            data[at : at + 1] = bytes([rng.randrange(256)])
        case 1:
            del data[at : at + size]
        case 2:
            data[at:at] = rng.choice(MORSELS[kind]).encode() * rng.choice((1, 1, 1, 50))
        case 3:
            data[at:at] = data[at : at + size] * rng.choice((1, 2, 20))
        case 4:
            data[at:at] = other[begin : begin + size]
        case 5:
            data[at:at] = rng.randbytes(size)
        case 6 if digits:
            data[rng.choice(digits)] = rng.choice(b"0123456789-")


def check(path: str) -> dict[str, object]:
    """Read one document and check what must hold; runs in a guarded process.

    Returns:
        The outcome, and the processor seconds that it took.
    """
    begun = time.process_time()
    outcome = judge(path)
    return {"outcome": outcome, "seconds": time.process_time() - begun}


def judge(path: str) -> str:
    """Read one document and say whether it was read or refused; anything else is raised."""
    try:
        document = read_bytes(Path(path).read_bytes(), path=path)
        segmentation = segment_document(document)
    except UnreadableDocument as error:
        if not error.remedy:
            raise AssertionError("refused without a remedy") from error
        return "refused"
    end = 0
    for block in document.blocks:
        if block.start < end or block.end < block.start:
            raise AssertionError("blocks overlap or run backwards")
        end = block.end
        said = " ".join(document.text[block.start : block.end].split())
        if block.kind is not BlockKind.TABLE and said != block.text:
            raise AssertionError("a block does not stand where it says")
    for finding in segmentation.findings:
        said = " ".join(document.text[finding.start : finding.end].split())
        if said != finding.text or not finding.text:
            raise AssertionError("a finding does not stand where it says")
    document.text.encode("utf-8")
    return "read"


def run_mutate(kind: str, numbers: range) -> dict[str, object]:
    """Read the documents of these numbers and count what came of them."""
    settings = RunSettings(jobs=1)
    starts = seeds(kind)
    outcomes: Counter[str] = Counter()
    faults: dict[str, list[int]] = {}
    slow: dict[int, float] = {}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"document.{kind}"
        for number in numbers:
            path.write_bytes(mutated(kind, number, starts))
            answer = GUARDS.ask(
                Call("readers:check", {"path": str(path)}),
                seconds=WALL_SECONDS,
                memory=settings.memory,
            )
            took = 0.0 if answer.failed else answer.value["seconds"]
            if took > SLOW_SECONDS:
                slow[number] = round(took, 1)
            if answer.failed or took > SECONDS:
                outcomes["fault"] += 1
                reason = answer.reason or f"took longer than {SECONDS:g} processor seconds"
                faults.setdefault(reason, []).append(number)
            else:
                outcomes[answer.value["outcome"]] += 1
    GUARDS.close()
    return {
        "kind": kind,
        "engine": "mutate",
        "runs": len(numbers),
        "first": numbers.start,
        "seeds": len(starts),
        "outcomes": dict(sorted(outcomes.items())),
        "faults": {reason: found[:20] for reason, found in sorted(faults.items())},
        "slower_than_5_s": slow,
        "seconds": round(time.monotonic() - begun, 1),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "python": platform.python_version(),
        "pypdfium2": version("pypdfium2"),
        "seeds_sha256": hashlib.sha256(b"".join(starts)).hexdigest()[:16],
    }


def run_atheris(kind: str, runs: int) -> dict[str, object]:
    """Fuzz in a child with coverage as the guide, and say what it found."""
    begun = time.monotonic()
    command = [sys.executable, *sys.argv[:1], kind, "--engine", "atheris", "--child"]
    child = subprocess.run(
        [*command, "--runs", str(runs)], stderr=subprocess.PIPE, text=True, check=False
    )
    said = child.stderr
    covered = [int(found) for found in re.findall(r" cov: (\d+) ", said)]
    done = [int(found) for found in re.findall(r"executed_units: +(\d+)", said)]
    kept = re.findall(r"Test unit written to (\S*/(?:crash|timeout|oom)\S*)", said)
    return {
        "kind": kind,
        "engine": f"atheris {version('atheris')}",
        "runs": done[-1] if done else 0,
        "edges": covered[-1] if covered else 0,
        "faults": {said.strip().splitlines()[-1]: kept} if child.returncode else {},
        "seconds": round(time.monotonic() - begun, 1),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "python": platform.python_version(),
    }


def guide(kind: str, runs: int) -> None:
    """Fuzz in this process with coverage as the guide; ends it at the first fault."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(seeds(kind)):
        (corpus / f"{number}").write_bytes(data)
    words = folder / "words"
    lines = [
        '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"' for word in MORSELS[kind]
    ]
    words.write_text("\n".join(lines) + "\n")
    path = folder / f"document.{kind}"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        judge(str(path))

    atheris.Setup(
        [
            *(sys.argv[0], f"-runs={runs}", "-max_len=60000", "-timeout=30", "-rss_limit_mb=2000"),
            *(f"-dict={words}", f"-artifact_prefix={folder}/", "-print_final_stats=1"),
            str(corpus),
        ],
        one,
    )
    atheris.Fuzz()


def main() -> None:
    """Run from the command line; see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(MORSELS))
    parser.add_argument("--engine", choices=("mutate", "atheris"), default="mutate")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int, help="Write the document of this number to stdout.")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only is not None:
        sys.stdout.buffer.write(mutated(given.kind, given.only, seeds(given.kind)))
        return
    if given.engine == "atheris" and find_spec("atheris") is None:
        parser.error("atheris is not installed here; --engine mutate needs nothing")
    if given.child:
        guide(given.kind, given.runs)
        return
    sys.path.insert(0, str(Path(__file__).parent))  # the guards import this module by its name
    if given.engine == "atheris":
        result = run_atheris(given.kind, given.runs)
    else:
        result = run_mutate(given.kind, range(given.first, given.first + given.runs))
    text = json.dumps(result, indent=1)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text + "\n")
    sys.stdout.write(text + "\n")
    sys.exit(1 if result["faults"] else 0)


if __name__ == "__main__":
    main()
