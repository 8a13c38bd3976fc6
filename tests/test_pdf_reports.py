"""Whole reports printed in random looks and read by the product: a few seeds."""

from __future__ import annotations

import pytest

from pipelines.read.pdf import read_pdf
from pipelines.segment import segment_document
from tests.layouts.contents import real_texts
from tests.layouts.reports import judge, render

no_texts = pytest.mark.skipif(not real_texts(), reason="no published reports beside the checkout")


@pytest.mark.parametrize(("seed", "real"), [(59, False), pytest.param(58, True, marks=no_texts)])
def test_a_report_printed_anew_says_what_it_said(seed, real):
    content, _, data = render(seed, real)
    document = read_pdf(data, path=f"{seed}.pdf", sha256="0" * 64)
    verdict = judge(content.wanted, document, segment_document(document))
    assert verdict.perfect, verdict.wrong
