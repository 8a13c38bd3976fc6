"""Makes the list of words that readers tell divided words by, from the findings we wrote.

python corpus/words.py            write pipelines/data/words.txt anew
python corpus/words.py --check    exit status 1 if what is shipped differs
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Final

CORPUS: Final = Path(__file__).resolve().parent
SHIPPED: Final = CORPUS.parent / "pipelines" / "data" / "words.txt"
_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*")


def make_list() -> str:
    """Return every word of the written findings, in lower case, sorted, one a line."""
    words: set[str] = set()
    for path in sorted((CORPUS / "labels").glob("authored*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            words.update(_WORD.findall(json.loads(line)["text"].lower()))
    return "".join(f"{word}\n" for word in sorted(words))


def main(arguments: list[str] | None = None) -> int:
    """Write the list, or compare it with what is shipped."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    made = make_list()
    if options.check:
        same = SHIPPED.read_text(encoding="utf-8") == made
        print("as shipped" if same else f"{SHIPPED} differs: run python corpus/words.py")
        return 0 if same else 1
    SHIPPED.write_text(made, encoding="utf-8")
    print(f"{len(made.splitlines())} words in {SHIPPED}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
