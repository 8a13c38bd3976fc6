"""Draw dresses, read what they make with the product, and compare.

    python -m tests.dresses.draw html --seeds 1-60
    python -m tests.dresses.draw text --seeds 17 --keep /tmp/dresses

Real texts where `../shared` is beside the checkout (even seeds), the sample's sources otherwise.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pipelines.errors import UnreadableDocument
from pipelines.read import read_bytes
from pipelines.segment import segment_document
from tests.layouts.contents import Content, dress, load, real_texts, sample_sources
from tests.layouts.reports import Verdict, judge

from .pages import make_page
from .printed import make_converted_page, make_converted_text
from .programs import make_program_page
from .saved import make_saved_page
from .texts import make_text

MAKERS: dict[str, Callable[[Content, int], tuple[str, bytes]]] = {
    "html": make_page,
    "html-programs": make_program_page,
    "html-converted": make_converted_page,
    "html-saved": make_saved_page,
    "text": make_text,
    "text-converted": make_converted_text,
}


def content_of(form: str, seed: int) -> Content:
    """The report of a seed: a real one for even seeds where there are some, else the sample's."""
    rng = random.Random(f"{form} {seed}")
    paths = (real_texts() if seed % 2 == 0 else []) or sample_sources()
    return dress(load(paths[rng.randrange(len(paths))]), rng)


def read_dress(form: str, seed: int) -> tuple[str, bytes, Verdict]:
    """Render a seed's report and judge what is read from it."""
    content = content_of(form, seed)
    words, data = MAKERS[form](content, seed)
    return f"{content.name[:12]} {words}", data, verdict_of(content, data, form)


def verdict_of(content: Content, data: bytes, form: str) -> Verdict:
    try:
        document = read_bytes(data, path="report.html" if "html" in form else "report.txt")
        return judge(content.wanted, document, segment_document(document))
    except UnreadableDocument as error:
        return Verdict(len(content.wanted.findings), 0, 0, 0, {"unread": [str(error)]})


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("form", choices=list(MAKERS))
    parser.add_argument("--seeds", default="1-20")
    parser.add_argument("--keep", type=Path, help="keep what is rendered here")
    parser.add_argument("--quiet", action="store_true", help="name the wrong ones only")
    parser.add_argument("--lines", type=int, default=4)
    options = parser.parse_args(arguments)
    first, _, last = options.seeds.partition("-")
    total: Counter[str] = Counter()
    for seed in range(int(first), int(last or first) + 1):
        began = time.process_time()
        try:
            words, data, verdict = read_dress(options.form, seed)
        except FileNotFoundError as error:
            print(f"{seed}: skipped, {error}", file=sys.stderr)
            continue
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            suffix = "html" if "html" in options.form else "txt"
            (options.keep / f"{options.form}-{seed}.{suffix}").write_bytes(data)
        total["documents"] += 1
        total["perfect"] += verdict.perfect
        total["findings perfect"] += verdict.full == verdict.findings and not verdict.extra
        total["findings"] += verdict.findings
        total["full"] += verdict.full
        total["extra"] += verdict.extra
        total.update({f"wrong {part}": 1 for part in verdict.wrong})
        if options.quiet and verdict.perfect:
            continue
        parts = {part: len(lines) for part, lines in verdict.wrong.items()}
        print(
            f"{'ok ' if verdict.perfect else 'BAD'} {seed} {words} | {verdict.full}/{verdict.findings} "
            f"extra {verdict.extra} {parts or ''} ({time.process_time() - began:.1f}s)"
        )
        for part, lines in verdict.wrong.items():
            for line in lines[: options.lines]:
                print(f"      {part}: {line}")
    wrong = {k[6:]: v for k, v in sorted(total.items()) if k.startswith("wrong")}
    print(
        f"{options.form}: documents {total['documents']}, findings perfect {total['findings perfect']}, "
        f"everything perfect {total['perfect']}, findings exact with place "
        f"{total['full'] / max(1, total['findings']):.4f}, extra {total['extra']}, wrong in {wrong}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
