"""Sources made to break things, for the tests: each a name and its bytes."""

from __future__ import annotations

import io
import random
import zlib

import invented

MEGA = 1_000_000


def pdf(objects: list[bytes], *, root: int = 1) -> bytes:
    """Put numbered objects together to a PDF with a cross-reference table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (size, root))
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def page_with(content: bytes, *, resources: bytes = b"") -> bytes:
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F 5 0 R >> %s >> >>" % resources,
            content,
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            stream(
                b"/Again Do",
                b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
                b" /Resources << /XObject << /Again 6 0 R >> >>",
            ),
        ]
    )


def bomb(megabytes: int, *, twice: bool = False) -> bytes:
    """A page whose content grows a thousandfold, or a millionfold, when it is unpacked."""
    packed = zlib.compressobj(9)
    data = b"".join(packed.compress(b" " * MEGA) for _ in range(megabytes)) + packed.flush()
    if twice:
        data = zlib.compress(data, 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]" if twice else b"/Filter /FlateDecode"
    return page_with(stream(data, filters))


def texts(lines: int) -> bytes:
    """A page with many lines of text at one place."""
    shown = b"BT /F 10 Tf 1 0 0 1 50 700 Tm " + b"(Strengths:) Tj T* " * lines + b"ET"
    return page_with(stream(zlib.compress(shown), b"/Filter /FlateDecode"))


def pdfs() -> dict[str, bytes]:
    return {
        "bomb.pdf": bomb(400),
        "bomb-twice.pdf": bomb(400, twice=True),
        "many-lines.pdf": texts(200_000),
        "form-in-itself.pdf": page_with(
            stream(b"/Again Do"), resources=b"/XObject << /Again 6 0 R >>"
        ),
        "tree-in-itself.pdf": pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>",
            ]
        ),
        "pages-claimed.pdf": pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [] /Count 2000000000 >>",
            ]
        ),
        "many-pages.pdf": pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [%s] /Count 20000 >>" % (b"3 0 R " * 20_000),
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] >>",
            ]
        ),
        "deep-arrays.pdf": pdf(
            [b"<< /Type /Catalog /Pages " + b"[" * 200_000 + b"]" * 200_000 + b" >>"]
        ),
        "huge-page.pdf": pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e30 1e30] /Contents 4 0 R >>",
                stream(b"BT (x) Tj ET"),
            ]
        ),
        "only-head.pdf": b"%PDF-1.7\n",
        "zeros.pdf": b"%PDF-1.7\n" + bytes(MEGA),
        "encrypted.pdf": encrypted(),
    }


def encrypted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", canPrint=0), invariant=1)
    canvas.drawString(100, 700, "nobody may read this")
    canvas.save()
    return out.getvalue()


def pages() -> dict[str, bytes]:
    deep = 100_000
    return {
        "deep.html": b"<html><body>" + b"<div>" * deep + b"text" + b"</div>" * deep,
        "deep-lists.html": b"<html><body>" + b"<ul><li>" * deep + b"text",
        "deep-tables.html": b"<html><body>" + b"<table><tr><td>" * (deep // 10) + b"text",
        "open-tags.html": b"<html><body>" + b"<p <b <i " * deep,
        "attributes.html": b"<html><p " + b"a='b' " * deep + b">text",
        "comment.html": b"<html><!-- " + b"-" * (5 * MEGA),
        "entities.html": b"<html><p>" + b"&lt;&#0;&#xD800;&#1114112;&amp;" * deep,
        "script.html": b"<html><script>while(true){}</script><p>text",
        "cells.html": b"<html><table>" + b"<tr><td>a<td>b" * deep,
        "span.html": b"<html><table><tr><td rowspan=999999999 colspan=999999999>a</table>",
    }


def plain(*, scale: int = 1) -> dict[str, bytes]:
    """Text files; `scale` makes them that many times smaller."""
    mega = MEGA // scale
    rng = random.Random(5)
    words = [
        "Strengths:",
        "Areas",
        "for",
        "improvement:",
        "1.1",
        "Leadership",
        "should",
        "-",
        "•",
        "Rating",
        "12/21",
    ]
    return {
        "line.txt": b"word " * (2 * mega),
        "letters.txt": b"a" * (10 * mega),
        "spaces.txt": b" " * (10 * mega),
        "newlines.txt": b"\n" * (2 * mega),
        "tabs.txt": b"a\t" * mega,
        "dots.txt": (b"." * 5000 + b" 4\n") * 500,
        "brackets.txt": b"(" * mega + b")" * mega,
        "hyphens.txt": b"a-\n" * mega,
        "bullets.txt": b"Strengths:\n" + b"- a finding that is short\n" * (mega // 20),
        "headings.txt": b"1.1 Leadership\nStrengths:\n" * (mega // 20),
        "numbers.txt": b"The PDU should:\n" + b"".join(b"%d. act\n" % n for n in range(mega // 10)),
        "soup.txt": " ".join(rng.choice(words) for _ in range(mega // 5)).encode(),
        "soup-lines.txt": "\n".join(rng.choice(words) for _ in range(mega // 5)).encode(),
        "controls.txt": bytes(range(32)) * (mega // 20),
        "noise.txt": rng.randbytes(mega),
        "nul.txt": b"\0" * mega,
        "marks.txt": ("a" + "\u0301" * (mega // 5)).encode(),
        "bidi.txt": "\u202e\u2066gnihtemos\u2069 ".encode() * (mega // 20),
        "joiners.txt": ("\u200b\u200d\ufeff\u00ad" * (mega // 5)).encode(),
        "halves.txt": b"\xed\xa0\x80\xed\xbf\xbf" * 1000,
        "sixteen.txt": "Strengths:\n- one\n".encode("utf-16"),
        "empty.txt": b"",
        "blank.txt": b" \n\t\n",
    }


def reports() -> dict[str, bytes]:
    """Reports that are sound but for something nasty in them."""
    texts = [invented.as_text(invented.invent(number)).decode() for number in range(900, 904)]
    first = invented.invent(900).findings[0]
    formula = f'=HYPERLINK("http://127.0.0.1","x") {first}'
    return {
        "formula.txt": texts[0].replace(first, formula, 1).encode(),
        "csv.txt": texts[1].replace("Leaders", 'Leaders",\n",", "quoted"', 1).encode(),
        "overrides.txt": texts[2].replace("Practitioners", "\u202ePractitioners\u202c").encode(),
        "control.txt": texts[3].replace("Partners", "Part\x00\x07\x1bners").encode(),
    }


def damaged(count: int) -> dict[str, bytes]:
    """A sound PDF cut short, or with bytes changed, at `count` places each."""
    rng = random.Random(9)
    sound = invented.as_pdf(invented.invent(901))
    out = {}
    for number in range(count):
        out[f"cut-{number}.pdf"] = sound[: rng.randrange(20, len(sound))]
        broken = bytearray(sound)
        for _ in range(rng.choice((1, 10, 200))):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        out[f"broken-{number}.pdf"] = bytes(broken)
    return out
