import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pipelines.read.drafts.glyphs import with_letters
from pipelines.read.drafts.repair import decoded_once, repair_text, repair_warnings


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("44\u00a0per\u202fcent", "44 per cent"),
        ("inter\u00advention", "intervention"),
        ("inter\u00ad\n  vention", "intervention"),
        ("\ufb01ndings o\ufb03cers", "findings officers"),
        ("\uf0b7\tStaff", "•\tStaff"),
        ("\uf0a7 Staff", "• Staff"),
        ("\ue123 Staff", "• Staff"),
        ("non\u2011attendance", "non-attendance"),
        ("a\u200bb\ufeffc", "abc"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("sa\u202efe\u202c", "safe"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("the women\x03s, and don\ufffdt; page\x0c", "the women’s, and don’t; page\x0c"),
        ("so it was \x0f they said \ufffd and is", "so it was – they said \ufffd and is"),
        ("cafe\u0301", "café"),
        ("page\fpage", "page\fpage"),
        ("womenâ€™s â€“ â€œsoâ€\x9d", "women’s – “so”"),
        ("womenâ\x80\x99s â\x80\x93 â\x80\x9csoâ\x80\x9d", "women’s – “so”"),
        ("CafÃ© TÅ· Â£5", "Café Tŷ £5"),
        ("staī oŌen aƩend a seƫng", "staff often attend a setting"),
        ("suĸcient acƟons, benefit of informaƟon", "sufficient actions, benefit of information"),
        ("Ɵme for ĐhildƌeŶ iŶ Đouƌt", "time for children in court"),
        ("informaƟon¹ on acƟon12", "information¹ on action12"),
        ("Žut, Đan and Ǉubica", "Žut, Đan and Ǉubica"),
    ],
)
def test_mends_what_is_not_writing(raw, mended):
    assert repair_text(raw) == mended


@pytest.mark.parametrize(
    "text",
    [
        "‘Good’ and “bad”",
        "it's",
        "1–2 — three",
        "90%",
        "£5",
        "naïve",
        "a\tb",
        "½ of 8²",
        "Â, Ã",
        "château",
        "Ōtaki, Đurić, Rīga, Žižek and Ţăran; cŵn, tŵr, gŵyl; ĸ and Ɵ",
    ],
)
def test_keeps_what_is_written(text):
    assert repair_text(text) == text


@pytest.mark.parametrize("page", ["mac_roman", "cp850", "cp437"])
@pytest.mark.parametrize("text", ["women’s “rooms” – £5 and a café", "a §2 • b… ½"])
def test_text_encoded_twice_by_any_old_page_is_mended(page, text):
    assert decoded_once(text.encode().decode(page)) == text


def test_what_draws_lines_and_what_mathematicians_write_stays():
    for text in ("┌─┬─┐", "├──│", "√2 ≈ 1.4", "Ô mer", "Ça, Ä."):
        assert decoded_once(text) == text


def test_signs_of_windows_taken_for_controls_are_signs():
    assert repair_text("women\x92s \x93room\x94 \x96 no\x81") == "women’s “room” – no"


@given(st.text(st.characters()))
@example("Â\x1f\x80")  # a control between what were bytes of one letter
def test_repairing_twice_is_repairing_once(text):
    once = repair_text(text)
    assert repair_text(once) == once


@given(st.text(st.characters(categories=("L", "N", "P", "S"), max_codepoint=0x24F)))
def test_no_letter_figure_or_sign_of_latin_text_is_lost(text):
    # What looks encoded twice or named by its glyphs is mended: another test's matter.
    assume(decoded_once(text) == text == with_letters(text))
    kept = text.replace("\u00ad", "")
    assert repair_text(text) == unicodedata.normalize("NFC", kept)


def test_warns_of_what_honest_text_does_not_hold():
    assert repair_warnings("plain text, “quoted”") == ()
    assert repair_warnings("a\x01b\x02") == ("2 control characters removed",)
    assert repair_warnings("a\u202eb") == ("1 mark of writing direction removed",)
    assert repair_warnings("a\ufffd") == ("1 character could not be decoded",)
