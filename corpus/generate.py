"""Makes the sample corpus from its sources, or says whether what is shipped still matches them.

    python corpus/generate.py                      write corpus/sample/ anew
    python corpus/generate.py --check              exit status 1 if anything shipped differs
    python corpus/generate.py --all-formats OUT    every document in every format, for tests

Printing a PDF needs WeasyPrint; `--check` does without it.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

CORPUS: Final = Path(__file__).resolve().parent
sys.path[:0] = [str(CORPUS), str(CORPUS.parent)]  # a script: its package, and the product's

from authoring import gold  # noqa: E402
from authoring.card import write_card  # noqa: E402
from authoring.load import load_sources  # noqa: E402
from authoring.pages import pdf_digest, render_html, render_pdf  # noqa: E402
from authoring.source import Source  # noqa: E402
from authoring.text import render_text  # noqa: E402


def render(source: Source, kind: str) -> bytes:
    """Return the document's bytes in a format: `pdf`, `html` or `text`."""
    if kind == "pdf":
        return render_pdf(source)
    return (render_html if kind == "html" else render_text)(source).encode()


def name(source: Source, kind: str) -> str:
    """Return the document's file name in a format."""
    return source.document_id + gold.SUFFIX[kind]


def write_all_formats(sources: Iterable[Source], out: Path, kinds: Iterable[str]) -> list[Path]:
    """Write every document in each of the formats; returns the paths."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for source in sources:
        for kind in kinds:
            path = out / name(source, kind)
            path.write_bytes(render(source, kind))
            paths.append(path)
    return paths


def write_sample(sources: tuple[Source, ...], corpus: Path = CORPUS) -> None:
    """Write the shipped sample, its labels and its card; files of no source are removed."""
    sample = corpus / "sample"
    (sample / "labels").mkdir(parents=True, exist_ok=True)
    wanted = {name(s, s.ship) for s in sources}
    for path in sample.iterdir():
        if path.is_file() and path.name not in wanted:
            path.unlink()
    for source in sources:
        path = sample / name(source, source.ship)
        if difference(source, path):  # a PDF that is right stays: other fonts would change it
            path.write_bytes(render(source, source.ship))
    for path, text in _made(sources, corpus).items():
        path.write_bytes(text.encode())


def differences(sources: tuple[Source, ...], corpus: Path = CORPUS) -> list[str]:
    """Say in a sentence each what shipped file does not match the sources."""
    sample = corpus / "sample"
    wanted = {name(s, s.ship) for s in sources}
    found = [
        f"{path.name}: no source makes it; remove it"
        for path in sorted(sample.iterdir())
        if path.is_file() and path.name not in wanted
    ]
    for source in sources:
        path = sample / name(source, source.ship)
        if reason := difference(source, path):
            found.append(f"{path.name}: {reason}")
    if any(not (sample / file).exists() for file in wanted):
        return found  # the card cannot be made
    for path, text in _made(sources, corpus).items():
        if not path.exists() or path.read_bytes() != text.encode():
            found.append(f"{path.relative_to(corpus)}: differs from what the sources give")
    return found


def _made(sources: tuple[Source, ...], corpus: Path) -> dict[Path, str]:
    """The labels and the card, which holds the checksums of the documents as they are."""
    sample = corpus / "sample"
    sums = {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
        for path in (sample / name(s, s.ship) for s in sources)
    }
    made = {sample / "labels" / file: text for file, text in gold.labels(sources).items()}
    return made | {corpus / "README.md": write_card(sources, sums)}


def difference(source: Source, path: Path) -> str:
    """Say how a shipped document differs from its source; empty where it does not."""
    if not path.exists():
        return "is missing"
    data = path.read_bytes()
    if source.ship != "pdf":
        return "" if data == render(source, source.ship) else "differs from its source"
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    if pdf_digest(source) not in pdf.get_metadata_dict().get("Keywords", ""):
        return "was printed from another source (its recorded digest differs)"
    printed = _letters("".join(page.get_textpage().get_text_range() for page in pdf))
    due = _letters("".join(f.whole + f.note + "".join(f.quotes) for f in source.findings))
    if missing := due - printed:
        return f"lacks text of its source ({sum(missing.values())} letters)"
    return ""


def _letters(text: str) -> Counter[str]:
    return Counter(re.sub(r"[^A-Za-z]", "", text))


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--check", action="store_true", help="compare, write nothing")
    group.add_argument("--all-formats", type=Path, metavar="OUT", help="write all formats to OUT")
    options = parser.parse_args(arguments)
    sources = load_sources()
    if options.all_formats:
        for path in write_all_formats(sources, options.all_formats, gold.SUFFIX):
            print(path)
        return 0
    if not options.check:
        write_sample(sources)
    found = differences(sources)
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print(f"{len(sources)} documents match their sources")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
