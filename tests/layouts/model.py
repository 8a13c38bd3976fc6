"""A report about a probation unit that does not exist, as content without layout."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

PLACES = [
    "Ashmere",
    "Brackwell",
    "Caldershaw",
    "Dunmarsh",
    "Eastholme",
    "Fenwick Vale",
    "Garrowby",
    "Hollin Cross",
    "Ivelbridge",
    "Kestrel Bay",
    "Lorne Valley",
    "Merrowdale",
    "Northmoor",
    "Oxley and Tarn",
    "Penhallow",
    "Quarrybank",
    "Rushmere",
    "Stannick",
    "Thornley",
    "Upper Wend",
]
REGIONS = ["Mid Counties", "Severn Marches", "Northern Wolds"]
WHO = [
    "probation practitioners",
    "senior probation officers",
    "case administrators",
    "the duty team",
    "trainees",
    "middle managers",
    "the head of the unit",
    "co-located partners",
    "court staff",
    "the women's team",
    "programme facilitators",
    "victim liaison officers",
    "the hub",
    "newly-qualified officers",
    "agency staff",
    "the unpaid work team",
    "link workers",
]
DID = [
    "reviewed",
    "recorded",
    "shared",
    "overlooked",
    "co-ordinated",
    "followed up",
    "monitored",
    "discussed",
    "underestimated",
    "re-assessed",
    "welcomed",
    "prioritised",
    "delayed",
    "checked",
    "sequenced",
    "revisited",
    "analysed",
    "commissioned",
    "explored",
    "documented",
]
WHAT = [
    "enquiries about domestic abuse",
    "home visits",
    "risk management plans",
    "sentence plans",
    "referrals to housing support",
    "contingency arrangements",
    "well-being conversations",
    "information from children's services",
    "one-to-one supervision",
    "pre-release contact",
    "the workload tool",
    "short-notice absences",
    "peer mentoring",
    "risk-of-harm screenings",
    "e-learning on trauma-informed practice",
    "self-referrals",
    "drug- and alcohol-related needs",
    "follow-up appointments",
    "long-term sick leave",
    "health and well-being passports",
    "the day-to-day running of the approved premises",
    "out-of-hours reporting",
    "Multi-Agency Risk Assessment Conference (MARAC) actions",
    "licence conditions",
]
WHEN = [
    "in most of the cases we looked at",
    "each month",
    "during the autumn",
    "within ten days",
    "since the restructure",
    "at the point of allocation",
    "before release",
    "after a breach",
    "in 14 of the 32 relevant cases",
    "in 61 per cent of cases",
    "at the town-centre office",
    "on Tuesdays and Thursdays",
    "from day one",
    "over the previous two years",
    "by mid-March",
]
WHY = [
    "because vetting took too long",
    "so that risks were understood earlier",
    "which left people without support",
    "although the rooms were unsuitable",
    "and this was valued by everyone we met",
    "but the quality of this work varied widely",
    "while vacancies stood at 22 per cent",
    "despite a well-designed rota",
    "as the IT system was off-line for 3.5 hours a week",
    "even when a child was at risk",
    "so decision-making was slower than it ought to have been",
    "and the backlog grew to 1,204 hours",
    "– a marked change from our last visit – and staff noticed it",
    "(see the data annexe for the full breakdown by age and ethnicity)",
    "which one manager called \u2018the best decision we made\u2019",
]
SAID = [
    "They always ring me back, even when it's late in the day",
    "I was never asked what I wanted from my order",
    "My officer listens. She got me onto a course and I passed it",
    "The bus takes an hour and costs more than I've got",
    "You see a new face every time you go in",
    "It's the first time anybody explained the licence to me in plain words",
]
NOTES = [
    "The unit's own figures for the year to March.",
    "A survey of 57 people, carried out by a peer-led charity in the week before our visit.",
    "Mid Counties Probation Board. (2022). Working better together: a plan for the region.",
    "Sufficient means that the work met the standard without important gaps.",
    "See our methodology at www.example.org/methods/2023-review.",
]
TITLES = {
    "1.1": "Leadership",
    "1.2": "Staff",
    "1.3": "Services",
    "1.4": "Information and facilities",
    "2.1": "Court work",
    "2.2": "Assessment",
    "2.3": "Planning",
    "2.4": "Implementation and delivery",
    "2.5": "Reviewing",
}
GROUPS = {"1": "Organisational delivery", "2": "Court work and case supervision"}
RATINGS = ["Inadequate", "Requires improvement", "Good", "Outstanding"]


@dataclass
class Item:
    """A finding as printed: its text, items nested in it, a note called from it, its quotes."""

    text: str
    nested: list[str] = field(default_factory=list)
    note: str | None = None
    note_at: int = 0  # words of `text` before the call
    quotes: list[str] = field(default_factory=list)

    @property
    def whole(self) -> str:
        return " ".join([self.text, *self.nested])

    def around_call(self) -> tuple[str, str]:
        """The words before and behind the call of its note."""
        if not self.note:
            return self.text, ""
        words = self.text.split()
        return " ".join(words[: self.note_at]), " ".join(words[self.note_at :])


@dataclass
class Box:
    """A practice example: its bullets are not findings."""

    title: str
    paragraphs: list[str]
    bullets: list[str]


@dataclass
class Section:
    """A standard, or an unnumbered subsection of the one before."""

    code: str
    title: str
    description: str
    rating: str | None
    intro: list[str]
    key_questions: list[tuple[str, str]]
    strengths: list[Item]
    areas: list[Item]
    box: Box | None = None
    box_after: int = 0
    plain_area: bool = False  # the areas open with a paragraph that has no bullet
    outro: list[str] = field(default_factory=list)


@dataclass
class Report:
    unit: str
    region: str
    year: int
    score: str
    overall: str
    foreword: list[str]
    recommendations: list[tuple[str, list[str]]]
    background: list[str]
    sections: list[Section]

    def findings(self) -> list[tuple[str, str, str]]:
        """The findings in order: (text, polarity, heading they stand under)."""
        found = []
        for section in self.sections:
            for polarity, items in (
                ("strength", section.strengths),
                ("area_for_improvement", section.areas),
            ):
                found.extend((item.whole, polarity, section.title) for item in items)
        return found


def sentence(rng: random.Random, long: bool = False) -> str:
    who, did, what = rng.choice(WHO), rng.choice(DID), rng.choice(WHAT)
    parts = [f"{who} {did} {what}"]
    if rng.random() < 0.7 or long:
        parts.append(rng.choice(WHEN))
    if rng.random() < 0.5 or long:
        parts.append(rng.choice(WHY))
    if rng.random() < 0.2:
        parts.insert(0, f"{rng.choice(WHEN)},")
    text = " ".join(parts)
    if rng.random() < 0.08:
        text = f"{rng.randint(11, 97)} per cent of {text}"
    return text[0].upper() + text[1:] + "."


def prose(rng: random.Random, low: int, high: int) -> str:
    return " ".join(sentence(rng, rng.random() < 0.4) for _ in range(rng.randint(low, high)))


def lower(text: str) -> str:
    return text[0].lower() + text[1:]


def item(rng: random.Random, plain: bool, notes: float, nesting: float, quoting: float) -> Item:
    text = prose(rng, 1, rng.choice([1, 2, 2, 3, 4]))
    style = rng.random()
    if style < 0.08:
        text = text[0].lower() + text[1:-1]
    elif style < 0.14:
        text = text[:-1]
    made = Item(text)
    if not plain and rng.random() < nesting:
        made.text = made.text.rstrip(".") + rng.choice([":", ", including:", ""])
        made.nested = [
            lower(prose(rng, 1, 1))[:-1] if rng.random() < 0.5 else prose(rng, 1, 1)
            for _ in range(rng.randint(2, 4))
        ]
    if rng.random() < notes:
        made.note = rng.choice(NOTES) + (" " + prose(rng, 1, 1) if rng.random() < 0.4 else "")
        count = len(made.text.split())
        made.note_at = count if rng.random() < 0.5 else rng.randint(3, max(3, count))
    if rng.random() < quoting:
        made.quotes = [rng.choice(SAID) + "." for _ in range(rng.randint(1, 2))]
    return made


def draw_report(rng: random.Random) -> Report:
    """Draw a report; all its sentences are made from the word lists above."""
    unit, region = rng.choice(PLACES), rng.choice(REGIONS)
    codes = [
        "1.1",
        "1.2",
        "1.3",
        "1.4",
        *(["2.1"] if rng.random() < 0.4 else []),
        "2.2",
        "2.3",
        "2.4",
        "2.5",
    ]
    codes = codes[: rng.randint(4, len(codes))] if rng.random() < 0.5 else codes
    notes = rng.choice([0, 0, 0.15, 0.3])
    nesting = rng.choice([0, 0, 0.08, 0.15])
    quoting = rng.choice([0, 0.05, 0.15])
    boxes = rng.choice([0, 0, 0.3, 0.6])
    outros = rng.choice([0, 0, 0.3])
    sections: list[Section] = []
    used: set[str] = set()

    def unique(made: Item) -> Item:
        while made.whole in used:
            made = item(rng, True, 0, 0, 0)
        used.add(made.whole)
        return made

    def section(code: str, title: str, rated: bool) -> Section:
        made = Section(
            code,
            title,
            f"{title} {rng.choice(['is', 'are'])} {rng.choice(['well-informed', 'effective', 'timely'])} and supports "
            f"{rng.choice(['a high-quality service for everyone', 'the safety of other people', 'the rehabilitation of people on probation'])}.",
            rng.choice(RATINGS) if rated else None,
            [prose(rng, 2, 3) for _ in range(rng.randint(0, 2))],
            [],
            [unique(item(rng, False, notes, nesting, quoting)) for _ in range(rng.randint(2, 7))],
            [unique(item(rng, False, notes, nesting, quoting)) for _ in range(rng.randint(1, 6))],
        )
        if code.startswith("2") and rated:
            focus = [
                "engaging the person",
                "supporting their progress and rehabilitation in the community",
                "keeping other people safe",
            ]
            made.key_questions = [
                (f"Does {title.lower()} focus enough on {f}?", f"{rng.randint(11, 92)}%")
                for f in focus
            ]
        if rng.random() < boxes:
            made.box = Box(
                "Good practice example",
                [prose(rng, 1, 3)],
                [prose(rng, 1, 2) for _ in range(rng.randint(0, 3))],
            )
            made.box_after = rng.randint(0, len(made.strengths))
        if rng.random() < 0.08:
            made.areas = made.areas[:1]
            made.areas[0].nested = []
            made.plain_area = True
        if rng.random() < outros:
            made.outro = [prose(rng, 2, 3)]
        return made

    for code in codes:
        sections.append(section(code, TITLES[code], True))
        if code == "1.3" and rng.random() < 0.5:
            sections.append(section("", "Resettlement work", False))
        if code == "1.4":
            if rng.random() < 0.6:
                sections.append(section("", "Feedback from people on probation", False))
            if rng.random() < 0.6:
                sections.append(section("", "Diversity and inclusion", False))
    recs = [
        (f"{unit} PDU should", [lower(prose(rng, 1, 2))[:-1] for _ in range(rng.randint(2, 5))]),
        (f"{region} region should", [lower(prose(rng, 1, 1)) for _ in range(rng.randint(1, 3))]),
    ]
    return Report(
        unit,
        region,
        rng.choice([2021, 2022, 2023, 2024]),
        f"{rng.randint(0, 20)}/27",
        rng.choice(RATINGS),
        [prose(rng, 3, 5) for _ in range(rng.randint(2, 4))],
        recs,
        [prose(rng, 3, 5) for _ in range(rng.randint(2, 4))],
        sections,
    )
