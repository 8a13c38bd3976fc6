import pytest

from pipelines.errors import SettingsError
from pipelines.frameworks import fold, load_registry, rating_of_score
from pipelines.records import Polarity, Rating
from pipelines.segment.headings import Landmark, LandmarkKind
from pipelines.segment.standards import choose_framework

REGISTRY = load_registry()
SLUGS = [f.slug for f in REGISTRY.frameworks]


def test_the_registry_holds_the_programmes_of_the_inspectorate():
    assert set(SLUGS) >= {
        "pdu-2021", "pdu-2023", "region-2023", "youth-2018", "youth-2025", "national-2025",
        "dynamic-2025", "crc-2018", "nps-2018",
    }  # fmt: skip


# Published bands by maximum: the last score of each rating.
BANDS = {36: (6, 18, 30), 30: (5, 15, 25), 27: (4, 13, 22), 24: (4, 12, 20), 21: (3, 10, 17)}


@pytest.mark.parametrize("maximum", BANDS)
def test_one_rule_gives_all_published_bands(maximum):
    first, second, third = BANDS[maximum]
    for score in range(maximum + 1):
        expected = (
            Rating.INADEQUATE
            if score <= first
            else Rating.REQUIRES_IMPROVEMENT
            if score <= second
            else Rating.GOOD
            if score <= third
            else Rating.OUTSTANDING
        )
        assert rating_of_score(score, maximum) is expected


@pytest.mark.parametrize(("score", "maximum"), [(-1, 27), (28, 27), (0, 0)])
def test_impossible_scores_are_refused(score, maximum):
    with pytest.raises(SettingsError, match="score"):
        rating_of_score(score, maximum)


@pytest.mark.parametrize("framework", REGISTRY.frameworks, ids=lambda f: f.slug)
def test_each_framework_is_recognised_by_its_own_standards(framework):
    if not framework.rated:
        pytest.skip("known by its title alone")
    landmarks = [
        Landmark(LandmarkKind.STANDARD, s.title, code=s.code, prefix=framework.prefix)
        for s in framework.standards
    ]
    for published in (framework.since, framework.until or framework.since):
        found = choose_framework(
            landmarks, REGISTRY, unit_type=framework.unit_type, published=published
        )
        assert found is framework


def test_no_framework_fits_standards_that_none_has():
    landmarks = [Landmark(LandmarkKind.STANDARD, f"Strange {n}", code=f"9.{n}") for n in range(5)]
    assert choose_framework(landmarks, REGISTRY) is None


def test_a_title_twice_in_a_framework_needs_its_code():
    youth = REGISTRY.framework("youth-2018")
    assert youth.standard(code="2.1").title == youth.standard(code="3.1").title == "Assessment"
    assert youth.standard(code="3.4", title="Out-of-court disposal policy and provision")


@pytest.mark.parametrize(
    "wording", ["STRENGTHS", "Strengths:", "  strengths ", "**Strengths**", "What is working well"]
)
def test_polarity_in_any_dress(wording):
    assert REGISTRY.polarity[fold(wording)] is Polarity.STRENGTH


def test_no_wording_means_two_things():
    strengths = {w for w, p in REGISTRY.polarity.items() if p is Polarity.STRENGTH}
    others = set(REGISTRY.polarity) - strengths
    assert strengths
    assert others
    for wording in REGISTRY.polarity:
        assert wording not in REGISTRY.sections
        assert wording not in REGISTRY.titles
        assert not REGISTRY.is_box(wording)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Foreword", "foreword"),
        ("Chief Inspector’s judgment", "foreword"),
        ("Annexe one – Web links", "end"),
        ("Annex 2: Data", "end"),
        ("Appendix A", "end"),
        ("RECOMMENDATIONS", "recommendations"),
        ("Strengths", None),
        ("Annexation of parishes", None),
    ],
)
def test_parts_of_a_report(heading, kind):
    assert REGISTRY.section(heading) == kind


@pytest.mark.parametrize(
    ("question", "dimension"),
    [
        ("Does planning focus sufficiently on keeping other people safe?", "safety"),
        ("Does reviewing support the person’s compliance?", "engagement"),
        ("Does delivery support desistance?", "desistance"),
        ("Do early outcomes show that people are safer?", "outcomes"),
        ("Is the building clean?", None),
    ],
)
def test_dimension_of_a_question(question, dimension):
    assert REGISTRY.dimension(question) == dimension


GOOD = """
boxes = { titles = ["Example"] }
subsections = { titles = [] }
sections = []
[polarity]
strength = ["Plus"]
area_for_improvement = ["Minus"]
[dimensions]
outcomes = []
safety = []
desistance = []
engagement = []
[[frameworks]]
slug = "mine"
name = "Mine"
unit_type = "pdu"
standards = [{ code = "1.1", title = "One" }]
"""


def test_a_registry_of_ones_own_is_loaded(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    assert load_registry(path).framework("mine").standards[0].title == "One"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "mine"', 'slug = "mine"\nslugg = 1', "slugg"),
        ('unit_type = "pdu"', 'unit_type = "planet"', "planet"),
        ('code = "1.1"', 'code = "one"', "one"),
        ('name = "Mine"', "", "name"),
        ("[polarity]", "[polarities]", "polarit"),
        ('slug = "mine"', 'slug = "mine"\nsince = "May"', "May"),
        ('slug = "mine"', 'slug = "mine"\nmaxima = [25]', "25"),
        ('title = "One" }', 'title = "One" }, { code = "1.1", title = "Two" }', "twice"),
        ("sections = []", 'sections = [{ kind = "odd", titles = [] }]', "odd"),
        ("[dimensions]", "[dimensions", "TOML"),
    ],
)
def test_a_wrong_registry_is_refused_by_name(tmp_path, old, new, said):
    path = tmp_path / "wrong.toml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(SettingsError, match=said) as error:
        load_registry(path)
    assert "wrong.toml" in str(error.value)


def test_a_registry_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match="absent"):
        load_registry(tmp_path / "absent.toml")
