"""Words for shares, by one documented rule, so that "most" means the same in every sentence.

With fewer than ten units there are no words, only numbers. From ten on, a word is used only when
the whole 95 % Wilson interval allows it:

| word           | rule                                                     |
|----------------|----------------------------------------------------------|
| all / none     | every unit / no unit                                     |
| most           | the interval lies above one half                         |
| a minority     | the interval lies below one half                         |
| about half     | share from 40 to 60 %, and the interval contains one half |
| (numbers only) | anything else                                            |
"""

from __future__ import annotations

from pipelines.aggregate.counting import SMALL
from pipelines.intervals import wilson

HALF = 0.5
ABOUT_HALF = (0.4, 0.6)


def word(with_it: int, total: int) -> str | None:
    """Return the word for `with_it` of `total`, or None where only numbers are honest."""
    if total < SMALL:
        return None
    if with_it == total:
        return "all"
    if with_it == 0:
        return "none"
    low, high = wilson(with_it, total)
    if low > HALF:
        return "most"
    if high < HALF:
        return "a minority"
    if ABOUT_HALF[0] <= with_it / total <= ABOUT_HALF[1]:
        return "about half"
    return None


def phrase(with_it: int, total: int, *, noun: str = "units") -> str:
    """Say a count in words and numbers: "most units (14 of 17)", "3 of 8 units"."""
    said = word(with_it, total)
    if said is None:
        return f"{with_it} of {total} {noun}"
    if said in {"all", "none"}:
        return f"{said} of the {total} {noun}"
    link = " of the" if said == "a minority" else " the" if said == "about half" else ""
    return f"{said}{link} {noun} ({with_it} of {total})"
