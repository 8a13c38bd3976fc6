"""The corpus card: what the sample is, where it comes from, what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from authoring.gold import SUFFIX, facts, table
from authoring.source import Source
from pipelines.codebook import load_codebook

_HEAD: Final = """# Corpus

<!-- Written by corpus/generate.py from the sources: edit authoring/card.py, not this file. -->

## The sample

`sample/` holds {documents} inspection reports about {units} probation delivery units in {regions} \
regions, none of which exists. They were written for this project, to test and demonstrate it \
without publishing anybody's inspection, and each says on its first page that it is fictional. \
Names of places, people, providers and prisons were invented; percentages were chosen to agree \
with one another and with the ratings.

- **Licence:** MIT, as the rest of the repository.
- **Origin:** original prose. No sentence is taken from a published report.
- **Form:** that of inspection reports of 2021 to 2023 (`pdu-2021`) and of the core programme \
from late 2023 (`pdu-2023`): foreword, ratings, recommendations, background, standards with \
strengths and areas for improvement, key questions, pull quotes, footnotes (also called from \
inside bullets), nested bullets, boxed practice examples, contents page, annexe.
- **Not training data.** No model of this repository has seen these texts; training data is in \
`labels/`. A score on the sample is therefore a score on unseen prose, but on prose by one hand: \
it does not stand for published reports.
- **What recurs was planned.** Police information on domestic abuse, management oversight, spans \
of control, trainees, unpaid work, contact before release, curiosity and offices come back from \
unit to unit in different words. One unit is inspected twice, with some problems repeated, some \
resolved and some new. Nothing here says how common a problem is in real probation units.

Each document has one source in `sources/`; `generate.py` sets it as text, HTML and tagged PDF \
and derives the labels from the same file. The sample ships each document once.

```
python corpus/generate.py                    # write sample/ anew (PDF needs WeasyPrint)
python corpus/generate.py --check            # do the shipped files match their sources?
python corpus/generate.py --all-formats OUT  # every document in every format
```

## Documents

{total} findings: {strengths} strengths and {areas} areas for improvement.

"""

_LABELS: Final = """
## Labels

`sample/labels/` says what reading the sample should give: `documents.csv`, `standards.csv`, \
`key_questions.csv`, `recommendations.csv`, `findings.jsonl` (text, place, quotes, themes) and \
`shares.csv` (each proportion a finding states, with its value, counts, comparator and whether it \
speaks of good or bad practice where that is clear). Themes follow the codebook and were given by \
the author while writing, one to four a finding; nobody else has judged them.

"""

_TRAINING: Final = """
## Training labels

`labels/` holds what models are trained on, a JSON line or row each, with themes and issues:

- `authored*.jsonl`: findings written one by one; only ever trained on.
- `voice_*.jsonl`: reports on two invented units each, written whole in one manner (`voice`) by \
writers who saw neither each other's text nor the catalogue of issues. Voices 1 to 14 were coded \
twice, blind; the two codings agree at F1 .91 on themes and .92 on issues, and disagreements were \
settled against the definitions. The others were coded once. A voice is held out whole when \
models are measured.
- `matters_*.jsonl`: findings written for a matter of the catalogue each, or for a pair, in three \
styles a writer, from a description without its names, and coded once by others; only ever trained \
on.
- `real.csv`: stand-off labels of findings of published reports: document, ordinal and digest.

Where coders differed on whether information was asked for, answered or used, or where a coder and \
a model that had never seen the finding differed most, a further reader decided by the definition \
of that theme or issue alone, seeing neither: 10,899 claims, of which 3,841 (35 %) were changed. \
Models learn from what was decided; of voices they are measured and calibrated on what was given \
first (`coded_themes`, `coded_issues` where they differ), since what a model's doubt had decided \
again agrees with models too often. Labels of reports were not touched.

`conceded.jsonl`, beside that folder, holds 780 findings more, written and coded in the same way, \
of which each concedes one matter and speaks of another; what it concedes is labelled \
`slug/strength` in an area for improvement and `slug/improvement` in a strength. Neither model nor \
encoder has learned from them: tried with them, the encoder told what is conceded somewhat better, \
and themes of reports came out worse (F1 .841 in place of .851). What tells that an issue is \
conceded (`pipelines/tag/concession.py`) is weighed as `concession.py` here fits it, on them and \
on all labelled findings, with the tones of words that `tone.py` learns from these. \
`make bench-conceded` measures on 180 others.

"""

_SUMS: Final = """
## Checksums

Text and HTML are made byte for byte again by the generator. A PDF depends on the producer's \
version and on fonts, so it carries the digest of the page it was printed from and `--check` \
compares that and its text. The PDFs embed subsets of the Liberation fonts (SIL Open Font \
Licence).

"""


def write_card(sources: tuple[Source, ...], sums: Mapping[str, tuple[str, int]]) -> str:
    """Write the card; `sums` maps a file's name to its SHA-256 and its size in bytes."""
    rows = [facts(source) for source in sources]
    findings = [f for source in sources for f in source.findings]
    strengths = sum(f.polarity == "strength" for f in findings)
    head = _HEAD.format(
        documents=len(sources),
        units=len({s.unit for s in sources}),
        regions=len({s.region for s in sources}),
        total=len(findings),
        strengths=strengths,
        areas=len(findings) - strengths,
    )
    documents = table(
        {
            "document": f"`{r['file']}`",
            "region": r["region"],
            "framework": f"`{r['framework']}`",
            "overall": r["overall_rating"],
            "score": f"{r['score']}/{r['score_max']}",
            "cases": r["cases_inspected"],
            "strengths": r["strengths"],
            "areas": r["areas_for_improvement"],
            "recommendations": r["recommendations"],
        }
        for r in rows
    )
    count = Counter(theme for f in findings for theme in f.themes)
    spread = Counter(t for s in sources for t in {t for f in s.findings for t in f.themes})
    themes = table(
        {"theme": f"`{slug}`", "findings": count[slug], "documents": spread[slug]}
        for slug in load_codebook().slugs
    )
    files = table(
        {"file": f"`{name}`", "bytes": size, "SHA-256": f"`{sha}`"}
        for name, (sha, size) in sorted(sums.items())
    )
    kinds = Counter(s.ship for s in sources)
    shipped = ", ".join(f"{kinds[k]} as {k}" for k in SUFFIX)
    return (
        head + documents + f"\nShipped: {shipped}.\n" + _LABELS + themes + _TRAINING + _SUMS + files
    )
