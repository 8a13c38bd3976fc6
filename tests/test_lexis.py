import pytest

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.durable import write_text
from pipelines.errors import SettingsError
from pipelines.lexis import Lexis, annotate, lexicon_digest, load_abbreviations, stem, variants
from pipelines.wordings import count_variants, shortest_variant


def names(text):
    return {hit.name for hit in annotate([text])[0].hits}


@pytest.mark.parametrize(
    ("words", "same"),
    [
        (("enquiry", "enquiries", "enquiry's"), True),
        (("plan", "planned", "planning", "plans"), True),
        (("case", "cases"), True),
        (("assess", "assessed", "assessing"), True),
        (("housing", "house"), False),
        (("press", "pres"), False),
    ],
)
def test_stems_meet_number_and_tense(words, same):
    assert (len({stem(word) for word in words}) == 1) is same


@pytest.mark.parametrize("entry", load_abbreviations(), ids=lambda e: f"{e.short}: {e.expansion}")
def test_each_abbreviation_meets_its_expansion(entry):
    name = f"abbr/{entry.short}"
    assert name in names(f"The {entry.short} was late.")
    assert name in names(f"The {entry.expansion} was late.")


def test_abbreviations_are_matched_as_written_and_in_the_plural():
    assert "abbr/IT" in names("Poor IT held staff back.")
    assert "abbr/IT" not in names("Staff said that it held them back.")
    assert "abbr/SPO" in names("SPOs had no time.")


def test_words_of_an_expansion_stand_where_the_abbreviation_does():
    text = "UPW began late."
    tokens = annotate([text])[0].tokens
    added = [t for t in tokens if t.stem in ("unpaid", "work")]
    assert [text[t.start : t.end] for t in added] == ["UPW", "UPW"]


def test_phrases_are_found_whatever_their_number_and_tense():
    found = names("Managers had overseen nothing: oversight of the cases was lacking.")
    assert any(name.startswith("management-oversight/") for name in found)
    loud = names("It was TAKEN at face value.")
    assert any(name.startswith("professional-curiosity/") for name in loud)


@pytest.mark.parametrize("word", ["space", "Space", "spaces"])
def test_a_word_that_the_tokenizer_knew_before_is_found_as_others_are(word):
    assert any("|space|" in name for name in names(f"There was no {word} for the team."))


def test_what_is_looked_for_is_told_from_what_it_is_called(project):
    before = lexicon_digest()
    entry = '[[themes]]\nslug = "unpaid-work"\nname = "Community payback"\n'
    write_text(project.folder / "codebook.toml", entry)
    assert lexicon_digest() == before
    words = '\n[themes.lexicon]\nphrases = ["litter picking"]\n'
    write_text(project.folder / "codebook.toml", entry + words)
    assert lexicon_digest() != before


def test_patterns_allow_up_to_five_words_between():
    name = "child-safeguarding/(child|children)_..._"
    near = "Children were not always kept safe."
    far = "Children went to the large school in the old town where all felt safe."
    assert any(n.startswith(name) for n in names(near))
    assert not any(n.startswith(name) for n in names(far))


def test_hits_and_sentences_are_spans_of_the_text():
    text = "Wi-Fi was slow. MAPPA, however, worked! Did it?"
    found = annotate([text])[0]
    assert [text[s:e] for s, e in found.sentences] == [
        "Wi-Fi was slow.",
        "MAPPA, however, worked!",
        "Did it?",
    ]
    assert all(0 <= hit.start < hit.end <= len(text) for hit in found.hits)


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\ufeff"])
def test_what_has_no_width_parts_no_word_and_places_are_those_of_the_text(sign):
    plain = "Domestic abuse checks were not made. Staff were off."
    text = plain.replace("mes", f"m{sign}es").replace("che", f"{sign}ch{sign}e") + sign
    (found,), (expected,) = annotate([text]), annotate([plain])
    assert [token.lower for token in found.tokens] == [token.lower for token in expected.tokens]
    assert [hit.name for hit in found.hits] == [hit.name for hit in expected.hits]
    for one, other in zip(found.tokens, expected.tokens, strict=True):
        assert text[one.start : one.end].replace(sign, "") == plain[other.start : other.end]
    assert [text[a:b].replace(sign, "") for a, b in found.sentences] == [
        plain[a:b] for a, b in expected.sentences
    ]
    assert annotate([sign])[0].tokens == ()


def test_variants_write_out_alternatives():
    assert sorted(variants("(lack|want) of (staff|)")) == [
        "lack of",
        "lack of staff",
        "want of",
        "want of staff",
    ]


@pytest.mark.parametrize("phrase", ["a", "(a|b) (c|d|)", "((a|b) c|d) e", "(a|(b|c)) d", "a|b"])
def test_variants_are_counted_without_being_written_out(phrase):
    written = variants(phrase)
    assert count_variants(phrase) == len(written)
    assert len(shortest_variant(phrase).split()) == min(len(words.split()) for words in written)


def test_every_entry_of_the_lexicon_can_be_found():
    lexis = Lexis(load_codebook(), load_catalogue())
    for theme in load_codebook().themes:
        for phrase in theme.lexicon.phrases:
            text = variants(phrase)[0]
            hits = {hit.name for hit in lexis.annotate([text])[0].hits}
            assert f"{theme.slug}/{phrase.replace(' ', '_')}" in hits, phrase


@pytest.mark.parametrize(
    ("lexicon", "part"),
    [
        ('wordings = ["a"]', "unknown key"),
        ('phrases = ["(a|b"]', "alternatives"),
        ('phrases = [" "]', "expected words"),
        ('phrases = ["a", "a"]', "twice"),
        ('phrases = ["(|)"]', "expected words"),
        ('phrases = ["a)(b"]', "expected words"),
        (f'phrases = ["{"(a|b) " * 14}"]', "more than 10000 phrases"),
        (f'phrases = ["{"(a|b) " * 400}"]', "more than 10000 phrases"),
        ('patterns = ["... cold"]', "expected words"),
        ('patterns = ["rooms ... (|)"]', "expected words"),
        ('abbreviations = ["NOSUCH"]', "NOSUCH"),
    ],
)
def test_a_wrong_lexicon_is_refused(tmp_path, lexicon, part):
    path = tmp_path / "codebook.toml"
    path.write_text(
        '[[groups]]\nslug = "g"\nname = "G"\n'
        '[[themes]]\nslug = "t"\ngroup = "g"\nname = "T"\nclaim = "c"\n'
        f"[themes.lexicon]\n{lexicon}\n"
    )
    with pytest.raises(SettingsError, match=part):
        Lexis(load_codebook(path), load_catalogue())


def test_a_finding_of_more_than_a_million_characters_is_annotated():
    assert len(annotate(["a" + " " * 1_000_000 + "b"])[0].tokens) == 2
