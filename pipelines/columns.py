"""Tables and columns: the contract between stages, notebooks, reports and whoever builds on us.

No other module of the package spells a column name: they use the constants below.
The data dictionary that travels with every export is made from the definitions here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "integer", "number", "boolean", "list"]

DOCUMENT_ID: Final = "document_id"
PATH: Final = "path"
FORMAT: Final = "format"
SHA256: Final = "sha256"
PAGES: Final = "pages"
TITLE: Final = "title"
UNIT: Final = "unit"
UNIT_TYPE: Final = "unit_type"
REGION: Final = "region"
PUBLISHED: Final = "published"
FIELDWORK: Final = "fieldwork"
FRAMEWORK: Final = "framework"
OVERALL_RATING: Final = "overall_rating"
OVERALL_RATING_SOURCE: Final = "overall_rating_source"
SCORE: Final = "score"
SCORE_MAX: Final = "score_max"
CASES_INSPECTED: Final = "cases_inspected"
FINDINGS: Final = "findings"
STRENGTHS: Final = "strengths"
AREAS_FOR_IMPROVEMENT: Final = "areas_for_improvement"
RECOMMENDATIONS: Final = "recommendations"
LEFTOVERS: Final = "leftovers"
WARNINGS: Final = "warnings"
CODE: Final = "code"
STANDARD: Final = "standard"
RATING: Final = "rating"
QUESTION: Final = "question"
COMPARED_BY: Final = "compared_by"
DIMENSION: Final = "dimension"
PERCENT: Final = "percent"
FINDING_ID: Final = "finding_id"
ORDINAL: Final = "ordinal"
SUBSECTION: Final = "subsection"
POLARITY: Final = "polarity"
TEXT: Final = "text"
QUOTES: Final = "quotes"
PAGE: Final = "page"
PAGE_END: Final = "page_end"
START: Final = "start"
END: Final = "end"
DIGEST: Final = "digest"
BOXES: Final = "boxes"
RECOMMENDATION_ID: Final = "recommendation_id"
NUMBER: Final = "number"
ADDRESSEE: Final = "addressee"
ADDRESSEE_TYPE: Final = "addressee_type"
THEME: Final = "theme"
PROBABILITY: Final = "probability"
ASSIGNED: Final = "assigned"
SOURCE: Final = "source"
REVIEW: Final = "review"
CERTAINTY: Final = "certainty"
UNITS_SURE: Final = "units_sure"
OPPOSITE_UNITS: Final = "opposite_units"
VALUE: Final = "value"
NUMERATOR: Final = "numerator"
DENOMINATOR: Final = "denominator"
COMPARATOR: Final = "comparator"
UNITS_WITH: Final = "units_with"
UNITS: Final = "units"
SHARE: Final = "share"
LOW: Final = "low"
HIGH: Final = "high"
ISSUE_ID: Final = "issue_id"
LABEL: Final = "label"
TERMS: Final = "terms"
UNITS_INSPECTED: Final = "units_inspected"
STABILITY: Final = "stability"
SIMILARITY: Final = "similarity"
REPRESENTATIVE: Final = "representative"
REASON: Final = "reason"
STATUS: Final = "status"
SECONDS: Final = "seconds"
BENCHMARK: Final = "benchmark"
DIRECTION: Final = "direction"
CONFIDENCE: Final = "confidence"
GOOD_SHARE: Final = "good_share"
PROPOSAL_ID: Final = "proposal_id"

GROUP: Final = "group"
CATEGORY: Final = "category"
CAUTION: Final = "caution"
PERIOD: Final = "period"
FINDINGS_BEFORE: Final = "findings_before"
FINDINGS_AFTER: Final = "findings_after"
UNITS_BEFORE: Final = "units_before"
UNITS_AFTER: Final = "units_after"
UNITS_READ_BEFORE: Final = "units_read_before"
UNITS_READ_AFTER: Final = "units_read_after"
AFTER_BREAK: Final = "after_break"
KIND: Final = "kind"
SUBJECT: Final = "subject"
EARLIER: Final = "earlier_document_id"
LATER: Final = "later_document_id"
EARLIER_FINDINGS: Final = "earlier_findings"
LATER_FINDINGS: Final = "later_findings"
ACROSS_BREAK: Final = "across_break"
OTHER_THEME: Final = "other_theme"
OTHER_UNITS_WITH: Final = "other_units_with"
OTHER_UNITS: Final = "other_units"
OTHER_SHARE: Final = "other_share"
DIFFERENCE: Final = "difference"
OF_FINDINGS: Final = "of_findings"
WEIGHT: Final = "weight"
MODEL: Final = "model"
SCORES: Final = "scores"
INSPECTION_ID: Final = "inspection_id"
BASE: Final = "base"
BASE_SOURCE: Final = "base_source"
MEDIAN: Final = "median"
PERCENT_WITH: Final = "percent_with"
OTHER_PERCENT: Final = "other_percent"
ISSUES: Final = "issues"
SHEET: Final = "sheet"
CELL: Final = "cell"
SHORT: Final = "short"
EXPANSION: Final = "expansion"
AMBIGUOUS: Final = "ambiguous"
SENSES: Final = "senses"
SPELLINGS: Final = "spellings"
TIMES: Final = "times"
ANSWER: Final = "answer"
WHO: Final = "who"
WHEN: Final = "when"
LISTED: Final = "listed"
SAMPLED: Final = "sampled"
EDIT: Final = "edit"
INTO: Final = "into"
MEMBERS: Final = "members"
HAD: Final = "had"
PINNED: Final = "pinned"
DECIDED: Final = "decided"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the kind of its values and what they mean.

    `list` is a list of strings. Every kind but `boolean` and `list` may be null. What is `later`
    is not in every folder of older versions: there it is null, or an empty list.
    """

    name: str
    kind: Kind
    meaning: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, what a row of it is, its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)


_COLUMNS: Final = (
    Column(
        DOCUMENT_ID,
        "text",
        "Slug of unit and month; the file's stem where they are unknown; unique in a run",
    ),
    Column(PATH, "text", "Where it was read from"),
    Column(FORMAT, "text", "`pdf`, `docx`, `html` or `text`, decided by content"),
    Column(SHA256, "text", "Of the bytes read"),
    Column(PAGES, "integer", "Number of pages; null for text and HTML"),
    Column(TITLE, "text", "Title as printed"),
    Column(UNIT, "text", "Plain name of the unit, without 'PDU'"),
    Column(
        UNIT_TYPE,
        "text",
        "`pdu`, `region`, `national`, `youth`, `area`, a kind of your own, or `unknown`",
    ),
    Column(REGION, "text", "Plain name, without 'region'"),
    Column(PUBLISHED, "text", "`YYYY-MM`, or `YYYY` where no month is printed"),
    Column(FIELDWORK, "text", "Month in which fieldwork started, `YYYY-MM`"),
    Column(FRAMEWORK, "text", "Slug in the framework registry; null where none fits"),
    Column(OVERALL_RATING, "text", "One of the four ratings"),
    Column(OVERALL_RATING_SOURCE, "text", "`printed`, `foreword` or `score`"),
    Column(SCORE, "integer", "Points"),
    Column(SCORE_MAX, "integer", "Points that could be had"),
    Column(CASES_INSPECTED, "integer", "Cases that the inspectors read"),
    Column(FINDINGS, "integer", "Number of findings"),
    Column(STRENGTHS, "integer", "Findings that are strengths"),
    Column(AREAS_FOR_IMPROVEMENT, "integer", "Findings that are areas for improvement"),
    Column(RECOMMENDATIONS, "integer", "Number of recommendations"),
    Column(LEFTOVERS, "integer", "Pieces of text that could not be placed"),
    Column(WARNINGS, "list", "What was mended, missing or doubtful, a sentence each"),
    Column(CODE, "text", "Number of the standard, `1.1`"),
    Column(STANDARD, "text", "Title of the standard"),
    Column(RATING, "text", "As printed, never recomputed; `Not rated`; null where none is printed"),
    Column(QUESTION, "text", "As printed"),
    Column(DIMENSION, "text", "`engagement`, `desistance`, `safety` or `outcomes`"),
    Column(PERCENT, "number", "Cases judged sufficient, 0 to 100"),
    Column(FINDING_ID, "text", "`document_id/NNN`"),
    Column(ORDINAL, "integer", "Place in its document, from 1"),
    Column(SUBSECTION, "text", "Unnumbered heading below the standard; null where none"),
    Column(POLARITY, "text", "`strength` or `area_for_improvement`"),
    Column(TEXT, "text", "Whole, lines joined by one space"),
    Column(QUOTES, "list", "Pull quotes that follow it"),
    Column(PAGE, "integer", "First page, from 1; null for text and HTML"),
    Column(PAGE_END, "integer", "Last page"),
    Column(START, "integer", "Offset in the document's normalised text"),
    Column(END, "integer", "Offset in the document's normalised text"),
    Column(
        DIGEST,
        "text",
        "16 hexadecimal digits of the text, whatever its spacing, case and quotation marks",
    ),
    Column(BOXES, "list", "`page x0 top x1 bottom` in points from the top left, a string a box"),
    Column(RECOMMENDATION_ID, "text", "`document_id/rN`"),
    Column(NUMBER, "integer", "As printed"),
    Column(ADDRESSEE, "text", "As printed, without 'should'"),
    Column(ADDRESSEE_TYPE, "text", "`pdu`, `region`, `hmpps` or `other`"),
    Column(THEME, "text", "Slug in the codebook"),
    Column(
        PROBABILITY,
        "number",
        "Calibrated probability that the finding makes a claim about the theme, 0 to 1",
    ),
    Column(ASSIGNED, "boolean", "Whether it is given to the finding: sure, likely or a person's"),
    Column(
        CERTAINTY,
        "text",
        "`sure` (right in 95 % of held-out findings), `likely`, or `suggested`, which is not "
        "counted; null without a tag",
    ),
    Column(UNITS_SURE, "integer", "Units with at least one such finding that is sure"),
    Column(OPPOSITE_UNITS, "integer", "Units with a finding of the same subject's other pole"),
    Column(SOURCE, "text", "`model` or `person`"),
    Column(REVIEW, "boolean", "Whether this decision is uncertain: a person should look"),
    Column(VALUE, "number", "0 to 1"),
    Column(NUMERATOR, "integer", "Where it is given"),
    Column(DENOMINATOR, "integer", "Where it is given"),
    Column(COMPARATOR, "text", "`eq`, `lt`, `gt` or `approx`"),
    Column(UNITS_WITH, "integer", "Units with at least one such finding"),
    Column(UNITS, "integer", "Units read"),
    Column(SHARE, "number", "units_with / units"),
    Column(LOW, "number", "Lower end of the 95 % Wilson interval"),
    Column(HIGH, "number", "Upper end of the 95 % Wilson interval"),
    Column(ISSUE_ID, "text", "Slug of its subject, or of a new group, and polarity"),
    Column(LABEL, "text", "Name, eight words at most"),
    Column(TERMS, "list", "Phrases that set it apart"),
    Column(UNITS_INSPECTED, "integer", "Units read: the denominator of share"),
    Column(STABILITY, "number", "How often the same findings group together on resampling, 0 to 1"),
    Column(SIMILARITY, "number", "To the issue's centre, 0 to 1"),
    Column(REPRESENTATIVE, "boolean", "Whether it stands for the issue"),
    Column(REASON, "text", "Why"),
    Column(STATUS, "text", "`read`, `duplicate`, `failed` or `aside`: of a kind that is not read"),
    Column(SECONDS, "number", "Time spent on it"),
    Column(BENCHMARK, "boolean", "Whether it is a share of something else, given to compare with"),
    Column(
        DIRECTION,
        "text",
        "What the share speaks for: `good` or `poor` practice; `neutral` where it only says who "
        "people are, what they asked for or how a whole is made up",
    ),
    Column(CONFIDENCE, "number", "Of the direction, 0 to 1"),
    Column(PROPOSAL_ID, "text", "Slug of the proposed theme"),
    Column(
        GOOD_SHARE, "number", "Share of good practice, 0 to 1; null where the direction is doubtful"
    ),
    Column(GROUP, "text", "Slug of a group of themes in the codebook"),
    Column(CATEGORY, "text", "Value of the dimension, for example the name of a region"),
    Column(CAUTION, "boolean", "Fewer than ten units in a denominator: do not generalise"),
    Column(PERIOD, "text", "`YYYY`, the year in which the reports were published"),
    Column(AFTER_BREAK, "boolean", "First period of its framework: not comparable with before"),
    Column(KIND, "text", "`theme` or `issue`"),
    Column(SUBJECT, "text", "Slug of a subject in the catalogue of issues"),
    Column(EARLIER, "text", "Document of the earlier inspection"),
    Column(LATER, "text", "Document of the later inspection"),
    Column(FINDINGS_BEFORE, "integer", "Findings in the earlier run"),
    Column(FINDINGS_AFTER, "integer", "Findings in the later run"),
    Column(UNITS_BEFORE, "integer", "Units with such a finding in the earlier run"),
    Column(UNITS_AFTER, "integer", "Units with such a finding in the later run"),
    Column(UNITS_READ_BEFORE, "integer", "Units read in the earlier run"),
    Column(UNITS_READ_AFTER, "integer", "Units read in the later run"),
    Column(EARLIER_FINDINGS, "list", "Its findings of the earlier inspection, the surest first"),
    Column(LATER_FINDINGS, "list", "Its findings of the later inspection, the surest first"),
    Column(ACROSS_BREAK, "boolean", "The two inspections used different frameworks"),
    Column(OTHER_THEME, "text", "Slug of the theme that goes with it"),
    Column(OF_FINDINGS, "integer", "Findings that have `theme`: the denominator of share"),
    Column(OTHER_UNITS_WITH, "integer", "Among the other units: units with such a finding"),
    Column(OTHER_UNITS, "integer", "Number of the other units"),
    Column(OTHER_SHARE, "number", "other_units_with / other_units"),
    Column(DIFFERENCE, "number", "share - other_share"),
    Column(WEIGHT, "number", "What these words add to the log-odds of the theme"),
    Column(MODEL, "text", "Name and version of the model"),
    Column(SCORES, "text", "What was measured of it, as JSON"),
    Column(INSPECTION_ID, "text", "Id in the manifest of published inspections"),
    Column(BASE, "integer", "Cases that the percentage is of"),
    Column(
        BASE_SOURCE,
        "text",
        "`workbook`, or `report` for all cases inspected, of which some may not have been asked",
    ),
    Column(MEDIAN, "number", "Median percentage of the other units, one framework only"),
    Column(SHORT, "text", "Short form, in its usual spelling"),
    Column(EXPANSION, "text", "What it stands for; null where that is not known or not decided"),
    Column(AMBIGUOUS, "boolean", "Whether it is used for several things"),
    Column(SENSES, "list", "All that it may stand for, the likeliest first"),
    Column(SPELLINGS, "list", "Other spellings in the document"),
    Column(TIMES, "integer", "How often it stands in the document"),
    Column(ANSWER, "text", "`yes`, `no`, or `disputed` where people do not agree"),
    Column(WHO, "list", "Names of the people who said so"),
    Column(WHEN, "text", "When the last of them did, UTC"),
    Column(LISTED, "boolean", "Whether the model's table had a row for it"),
    Column(SAMPLED, "boolean", "Whether the finding was drawn at random to score the model"),
)

COLUMNS: Final[dict[str, Column]] = {column.name: column for column in _COLUMNS}


def _table(name: str, row: str, *columns: str | Column) -> Table:
    return Table(name, row, tuple(COLUMNS[c] if isinstance(c, str) else c for c in columns))


_TAG: Final = (THEME, PROBABILITY, ASSIGNED, CERTAINTY, SOURCE, REVIEW)
_QUESTION: Final = (CODE, QUESTION, DIMENSION, PERCENT)
_COMPARED: Final = Column(
    CODE,
    "text",
    "Number of the standard; with the letter of `P 1.1` also where the report leaves out what "
    "others of its framework print, so join what is in key_questions by document and question",
)
_COUNTED: Final = (UNITS_WITH, UNITS, SHARE, LOW, HIGH, FINDINGS)

_TABLES: Final = (
    _table(
        "documents",
        "a document read",
        DOCUMENT_ID,
        PATH,
        FORMAT,
        SHA256,
        PAGES,
        TITLE,
        UNIT,
        UNIT_TYPE,
        REGION,
        PUBLISHED,
        FIELDWORK,
        FRAMEWORK,
        OVERALL_RATING,
        OVERALL_RATING_SOURCE,
        SCORE,
        SCORE_MAX,
        CASES_INSPECTED,
        FINDINGS,
        STRENGTHS,
        AREAS_FOR_IMPROVEMENT,
        RECOMMENDATIONS,
        LEFTOVERS,
        WARNINGS,
    ),
    _table("standards", "a standard of a document", DOCUMENT_ID, CODE, STANDARD, RATING),
    _table("key_questions", "a key question of a document", DOCUMENT_ID, *_QUESTION),
    _table(
        "findings",
        "one bullet under Strengths or Areas for improvement",
        FINDING_ID,
        DOCUMENT_ID,
        ORDINAL,
        UNIT,
        REGION,
        PUBLISHED,
        CODE,
        STANDARD,
        SUBSECTION,
        POLARITY,
        TEXT,
        QUOTES,
        PAGE,
        PAGE_END,
        START,
        END,
        DIGEST,
        BOXES,
    ),
    _table(
        "recommendations",
        "a numbered recommendation",
        RECOMMENDATION_ID,
        DOCUMENT_ID,
        NUMBER,
        ADDRESSEE,
        ADDRESSEE_TYPE,
        TEXT,
    ),
    _table("tags", "a finding x theme", FINDING_ID, *_TAG),
    _table(
        "issue_tags",
        "a finding and the subject of an issue that it states, or may state",
        FINDING_ID,
        SUBJECT,
        Column(POLARITY, "text", "Pole of the subject; not the finding's of what it only concedes"),
        PROBABILITY,
        ASSIGNED,
        CERTAINTY,
        SOURCE,
    ),
    _table(
        "explanations",
        "words of a finding that speak for or against a theme given to it",
        FINDING_ID,
        THEME,
        Column(START, "integer", "Offset in the finding's text"),
        Column(END, "integer", "Offset in the finding's text"),
        TEXT,
        WEIGHT,
    ),
    _table(
        "models",
        "a model that gave themes to findings of the run",
        MODEL,
        Column(SHA256, "text", "Of the model's meta.json, which names its files and decision"),
        Column(FINDINGS, "integer", "Number of findings it read"),
        SCORES,
    ),
    _table(
        "answered",
        "a question on a finding that people answered, and what the model had said",
        FINDING_ID,
        Column(KIND, "text", "`theme` or `issue`"),
        Column(SUBJECT, "text", "Slug of the theme, or of the issue's subject"),
        ANSWER,
        WHO,
        WHEN,
        LISTED,
        Column(ASSIGNED, "boolean", "Whether the model had given it"),
        Column(CERTAINTY, "text", "How certain the model had been; null without a tag"),
        Column(REVIEW, "boolean", "Whether the model's decision was uncertain"),
        Column(
            POLARITY, "text", "Pole that the model suggested of an issue; else null", later=True
        ),
        SAMPLED,
    ),
    _table(
        "memos",
        "a memo on a finding, an issue, a theme or a unit",
        Column(KIND, "text", "`finding`, `issue`, `theme` or `unit`"),
        Column(SUBJECT, "text", "Id of the finding or issue, slug of the theme, name of the unit"),
        TEXT,
        WHO,
        WHEN,
    ),
    _table(
        "edits",
        "what a person did to an issue, in order of time",
        ISSUE_ID,
        Column(EDIT, "text", "`pin`, `rename`, `merge`, `split`, `drop`, `put` or `take`"),
        Column(INTO, "text", "Issue that it is merged into, or that its findings become"),
        Column(LABEL, "text", "Name that was given; where none was, the one that it had"),
        Column(MEMBERS, "list", "Findings that move; else those that the issue had"),
        Column(HAD, "list", "Where findings move all it had; of `merge` all the other", later=True),
        WHO,
        WHEN,
    ),
    _table(
        "shares",
        "a proportion that a finding states",
        FINDING_ID,
        TEXT,
        START,
        END,
        VALUE,
        NUMERATOR,
        DENOMINATOR,
        COMPARATOR,
        BENCHMARK,
        DIRECTION,
        CONFIDENCE,
        GOOD_SHARE,
    ),
    _table(
        "recurrence",
        "a theme x polarity",
        THEME,
        POLARITY,
        UNITS_WITH,
        UNITS_SURE,
        UNITS,
        SHARE,
        LOW,
        HIGH,
        FINDINGS,
    ),
    _table(
        "issues",
        "a recurring issue",
        ISSUE_ID,
        Column(SUBJECT, "text", "Slug of its subject; null where it is new"),
        THEME,
        POLARITY,
        LABEL,
        TERMS,
        Column(STATUS, "text", "`catalogue`, `new` where it lacks it, `person` where one made it"),
        FINDINGS,
        Column(UNITS, "integer", "Units with at least one finding of the issue"),
        UNITS_SURE,
        OPPOSITE_UNITS,
        UNITS_INSPECTED,
        SHARE,
        LOW,
        HIGH,
        STABILITY,
        Column(PINNED, "boolean", "Whether a person wants it shown first, whatever its number"),
        Column(DECIDED, "list", "What people did to it, with name and day"),
    ),
    _table(
        "issue_findings",
        "a finding of an issue",
        ISSUE_ID,
        FINDING_ID,
        Column(PROBABILITY, "number", "Calibrated, 0 to 1; null where the issue is new"),
        CERTAINTY,
        SOURCE,
        SIMILARITY,
        REPRESENTATIVE,
    ),
    _table(
        "links",
        "a recommendation and the finding that supports it",
        RECOMMENDATION_ID,
        FINDING_ID,
        Column(SCORE, "number", "0 to 1"),
        Column(CERTAINTY, "text", "`sure`, or `likely`: a person should look"),
    ),
    _table("recommendation_tags", "a recommendation x theme", RECOMMENDATION_ID, *_TAG),
    _table(
        "coverage",
        "a recommendation without evidence, or a frequent area without recommendation",
        DOCUMENT_ID,
        Column(KIND, "text", "`recommendation_without_evidence` or `area_without_recommendation`"),
        RECOMMENDATION_ID,
        THEME,
        Column(FINDINGS, "integer", "Areas for improvement of the theme in the document"),
    ),
    _table(
        "proposals",
        "a theme that the findings propose and the codebook does not have",
        PROPOSAL_ID,
        LABEL,
        TERMS,
        FINDINGS,
        Column(UNITS, "integer", "Units with at least one of its findings"),
        Column(THEME, "text", "The theme of the codebook that comes closest"),
        Column(SIMILARITY, "number", "To that theme's findings, 0 to 1"),
        STABILITY,
    ),
    _table(
        "proposal_findings",
        "a finding of a proposed theme",
        PROPOSAL_ID,
        FINDING_ID,
        SIMILARITY,
        REPRESENTATIVE,
    ),
    _table(
        "leftovers",
        "text inside a findings section that could not be placed",
        DOCUMENT_ID,
        PAGE,
        TEXT,
        REASON,
    ),
    _table(
        "ledger",
        "a source given to the run",
        PATH,
        STATUS,
        DOCUMENT_ID,
        Column(
            REASON, "text", "Why it failed and what to do, or of which document it is a duplicate"
        ),
        SECONDS,
    ),
    _table("group_recurrence", "a group of themes x polarity", GROUP, POLARITY, *_COUNTED),
    _table("theme_unit", "a theme x unit x polarity", THEME, UNIT, REGION, POLARITY, FINDINGS),
    _table(
        "breakdown",
        "a theme x polarity within one category of a dimension, also where none was found",
        Column(
            DIMENSION,
            "text",
            "`region`, `year`, `quarter`, `framework`, `overall_rating` or `standard`",
        ),
        CATEGORY,
        THEME,
        POLARITY,
        *_COUNTED,
        CAUTION,
    ),
    _table(
        "trend",
        "a theme x polarity x year within one framework; lines join rows of one framework only",
        FRAMEWORK,
        PERIOD,
        AFTER_BREAK,
        THEME,
        POLARITY,
        *_COUNTED,
        CAUTION,
    ),
    _table(
        "repeats",
        "a theme or issue of a unit inspected twice",
        UNIT,
        EARLIER,
        LATER,
        ACROSS_BREAK,
        KIND,
        Column(SUBJECT, "text", "Slug of the theme or id of the issue"),
        POLARITY,
        Column(
            STATUS,
            "text",
            "`repeated` (sure both times), `perhaps_repeated`, `no_longer_raised` (sure then, not "
            "even suggested now) or `new` (the reverse)",
        ),
        EARLIER_FINDINGS,
        LATER_FINDINGS,
    ),
    _table(
        "changes",
        "what changed since an earlier run: a report, an issue, or a decision on a finding",
        Column(
            KIND,
            "text",
            "`report_added`, `_gone`, `_changed`; `issue_appeared`, `_spread`, `_shrank`, "
            "`_went`; `decision_given`, `_taken`",
        ),
        Column(SUBJECT, "text", "Id of the document or issue, or slug of the theme"),
        LABEL,
        POLARITY,
        UNIT,
        FINDING_ID,
        UNITS_BEFORE,
        UNITS_READ_BEFORE,
        UNITS_AFTER,
        UNITS_READ_AFTER,
        FINDINGS_BEFORE,
        FINDINGS_AFTER,
        Column(REASON, "text", "Of a decision: why it changed"),
    ),
    _table(
        "cooccurrence",
        "an ordered pair of themes that findings have together",
        THEME,
        OTHER_THEME,
        POLARITY,
        FINDINGS,
        OF_FINDINGS,
        Column(SHARE, "number", "findings / of_findings"),
        LOW,
        HIGH,
        CAUTION,
    ),
    _table(
        "rating_contrast",
        "a theme x polarity: units of one overall rating against all other rated units",
        Column(RATING, "text", "Overall rating of the units compared with the others"),
        THEME,
        POLARITY,
        UNITS_WITH,
        UNITS,
        SHARE,
        OTHER_UNITS_WITH,
        OTHER_UNITS,
        OTHER_SHARE,
        DIFFERENCE,
        Column(LOW, "number", "Lower end of the 95 % Newcombe interval of the difference"),
        Column(HIGH, "number", "Upper end of the 95 % Newcombe interval of the difference"),
        CAUTION,
    ),
    _table(
        "inspections",
        "a published inspection of the manifest, whether it was read or not",
        INSPECTION_ID,
        UNIT,
        UNIT_TYPE,
        REGION,
        FRAMEWORK,
        PUBLISHED,
        OVERALL_RATING,
        Column(DOCUMENT_ID, "text", "The document read of it; null where none was"),
    ),
    _table(
        "question_units",
        "a key question of a unit beside the other units of its framework",
        DOCUMENT_ID,
        UNIT,
        REGION,
        PUBLISHED,
        FRAMEWORK,
        _COMPARED,
        QUESTION,
        DIMENSION,
        Column(COMPARED_BY, "text", "Equal where questions of one code are compared"),
        PERCENT,
        BASE,
        BASE_SOURCE,
        Column(LOW, "number", "Lower end of the 95 % Wilson interval, in per cent"),
        Column(HIGH, "number", "Upper end of the 95 % Wilson interval, in per cent"),
        Column(OTHER_UNITS, "integer", "Other units that were asked the same"),
        MEDIAN,
        Column(DIFFERENCE, "number", "percent - median, in percentage points"),
        CAUTION,
    ),
    _table(
        "question_themes",
        "a key question of a document x a theme that it bears on",
        DOCUMENT_ID,
        _COMPARED,
        *_QUESTION[1:],
        THEME,
        Column(AREAS_FOR_IMPROVEMENT, "integer", "The document's areas on the theme"),
        Column(STRENGTHS, "integer", "The document's strengths on the theme"),
        Column(ISSUES, "list", "Issues of the theme that the document has a finding of"),
    ),
    _table(
        "question_contrast",
        "a key question x a theme or issue: units with such a finding against all others",
        FRAMEWORK,
        _COMPARED,
        DIMENSION,
        Column(COMPARED_BY, "text", "As in question_units"),
        Column(QUESTION, "text", "As most of the reports print it"),
        KIND,
        SUBJECT,
        POLARITY,
        UNITS_WITH,
        Column(PERCENT_WITH, "number", "Median percentage of the units with such a finding"),
        OTHER_UNITS,
        Column(OTHER_PERCENT, "number", "Median percentage of the other units"),
        Column(DIFFERENCE, "number", "percent_with - other_percent, in percentage points"),
        CAUTION,
    ),
    _table(
        "workbook_results",
        "a result in a data workbook that was attached to a document",
        DOCUMENT_ID,
        *_QUESTION,
        Column(NUMERATOR, "integer", "Cases judged sufficient; null where it is not given"),
        Column(BASE, "integer", "Cases that were asked about"),
        Column(SHEET, "text", "Name of the sheet"),
        Column(CELL, "text", "Where the percentage stands, `C7`"),
        Column(PATH, "text", "Name of the workbook"),
        Column(SHA256, "text", "Of the workbook's bytes"),
    ),
    _table(
        "abbreviations",
        "a short form in a document",
        DOCUMENT_ID,
        SHORT,
        EXPANSION,
        Column(SOURCE, "text", "`document`, `shipped`, or `unknown` to both"),
        AMBIGUOUS,
        SENSES,
        SPELLINGS,
        TIMES,
    ),
)

TABLES: Final[dict[str, Table]] = {table.name: table for table in _TABLES}
