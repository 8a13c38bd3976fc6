"""More sources made to break things: rings, bombs, lies about encodings, names that are code."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
import zlib

import invented
from hostile import MEGA, page_with, pdf, stream

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
SAID = b"BT /F 12 Tf 50 700 Td (Strengths:) Tj 0 -20 Td (- a thing) Tj ET"
FORM = (
    b"/Type /XObject /Subtype /Form /BBox [0 0 900 900] /Resources << /XObject << /A %d 0 R >> >>"
)

FILTERS = ("JBIG2Decode", "JPXDecode", "DCTDecode", "CCITTFaxDecode", "LZWDecode")
BOXES = {
    "none": b"[0 0 0 0]",
    "nan": b"[0 0 nan nan]",
    "backwards": b"[600 800 0 0]",
    "beyond-integers": b"[0 0 99999999999999999999 99999999999999999999]",
    "two-numbers": b"[0 0]",
    "names": b"[/a /b /c /d]",
    "far-away": b"[1e9 1e9 1000000595 1000000842]",
    "smaller-than-dust": b"[0 0 1e-30 1e-30]",
}
FONTS = {
    "null": b"null",
    "in-itself": b"5 0 R",
    "no-matrix": b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] /FontMatrix [0 0 0 0 0 0]"
    b" /CharProcs << /a 6 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97"
    b" /Widths [1e30] >>",
    "widths": b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar -99999"
    b" /LastChar 99999999 /Widths [1e38 -1e38] >>",
    "descends-from-itself": b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H"
    b" /DescendantFonts [5 0 R] /ToUnicode 6 0 R >>",
}


def packed(data: bytes) -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode")


def picture(data: bytes, extra: bytes) -> bytes:
    """A page that is one picture, as a scan."""
    head = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray "
    return pdf(
        [
            CATALOG,
            ONE_PAGE,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /XObject << /I 5 0 R >> >> >>",
            stream(b"q 500 0 0 700 0 0 cm /I Do Q"),
            stream(data, head + extra),
        ]
    )


def archive(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        kept.writestr(name, bytes(10 * MEGA))
    return out.getvalue()


def rings() -> dict[str, bytes]:
    """PDFs whose parts lead back to themselves, or to more than there is."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    with_form = page[:-2] + b"/Resources << /XObject << /A 5 0 R >> >> >>"
    many = b" ".join(b"%d 0 R" % n for n in range(3, 20_003))
    shell = pdf([CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"])
    return {
        "pages-in-a-ring.pdf": pdf(
            [
                CATALOG,
                b"<< /Type /Pages /Kids [3 0 R] /Count 5 >>",
                b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 4 0 R] /Count 3 >>",
                b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 595 842] >>",
            ]
        ),
        "forms-in-each-other.pdf": pdf(
            [
                *(CATALOG, ONE_PAGE, with_form, stream(b"/A Do")),
                *(stream(b"/A Do /A Do", FORM % 6), stream(b"/A Do /A Do", FORM % 5)),
            ]
        ),
        "forms-by-the-million.pdf": pdf(
            [
                *(CATALOG, ONE_PAGE, with_form, stream(b"/A Do")),
                *(stream(b"/A Do /A Do /A Do", FORM % (n + 1)) for n in range(5, 35)),
                stream(b"0 0 9 9 re f", FORM % 4),
            ]
        ),
        "outlines-in-a-ring.pdf": pdf(
            [
                CATALOG[:-2] + b"/Outlines 4 0 R /StructTreeRoot 5 0 R"
                b" /MarkInfo << /Marked true >> >>",
                *(ONE_PAGE, page.replace(b"/Contents 4 0 R", b"")),
                b"<< /First 4 0 R /Last 4 0 R /Next 4 0 R /Title (x) /Count 99999999 >>",
                b"<< /Type /StructTreeRoot /K 5 0 R /RoleMap << /A /B /B /A >>"
                b" /ParentTree 5 0 R >>",
            ]
        ),
        "table-of-two-thousand-million.pdf": shell.replace(b"0 3\n", b"0 2147483647\n"),
        "table-before-itself.pdf": shell.replace(
            b"trailer\n<<", b"trailer\n<< /Prev %d" % shell.index(b"xref")
        ),
        "length-of-itself.pdf": pdf(
            [CATALOG, ONE_PAGE, page, b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream"]
        ),
        "contents-200000-times.pdf": pdf(
            [
                *(CATALOG, ONE_PAGE, page.replace(b"4 0 R", b"[" + b"4 0 R " * 200_000 + b"]")),
                stream(b"BT (x) Tj ET"),
            ]
        ),
        "pages-20000.pdf": pdf(
            [CATALOG, b"<< /Type /Pages /Kids [%s] /Count 20000 >>" % many]
            + [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"] * 20_000
        ),
        "numbered-beyond-counting.pdf": b"%PDF-1.7\n" + b"9" * 400_000 + b" 0 obj << /Type /Page",
    }


def drawn() -> dict[str, bytes]:
    """PDFs of one page on which something is beyond reason."""
    rng = random.Random(3)
    odd = [b"0", b"1", b"-1", b"12", b"1e38", b"1e-38", b"99999999999", b"-99999999999", b"nan"]
    placed = b"".join(
        b"BT /F %s Tf %s 0 0 %s %s %s Tm (word) Tj ET\n" % tuple(rng.choice(odd) for _ in range(5))
        for _ in range(3000)
    )
    words = (b"Strengths:", b"- a", b"word", b"1.1", b"should:", b"12/21")
    scattered = b"".join(
        b"BT /F %d Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n"
        % (rng.choice((6, 8, 10)), rng.randrange(600), rng.randrange(840), rng.choice(words))
        for _ in range(10_000)
    )
    letters = b"".join(
        b"BT /F 1 Tf 1 0 0 1 %d %d Tm (x) Tj ET\n" % (n % 595, n // 595 % 842)
        for n in range(60_000)
    )
    cmap = (
        b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 4 beginbfchar"
        b" <61> <D800> <62> <0000> <63> <202E> <64> <FFFFFFFF> endbfchar endcmap"
    )
    mapped = HELVETICA[:-2] + b"/ToUnicode 6 0 R >>"
    page = page_with(stream(SAID))
    made = {
        "places.pdf": page_with(stream(placed)),
        "scattered.pdf": page_with(packed(scattered)),
        "letters-apart.pdf": page_with(packed(letters)),
        "saved-states.pdf": page_with(packed(b"q " * MEGA + SAID)),
        "string-in-strings.pdf": page_with(
            packed(b"BT /F 12 Tf [" + b"(" * 30_000 + b")" * 30_000 + b"] TJ ET")
        ),
        "inline-picture.pdf": page_with(
            stream(b"BI /W 99999999 /H 99999999 /BPC 8 /CS /RGB ID x EI " + SAID)
        ),
        "turned-by-45.pdf": page.replace(b"/Type /Page ", b"/Type /Page /Rotate 45 /UserUnit 1e9 "),
        "acts-when-opened.pdf": page.replace(
            b"/Type /Catalog",
            b"/Type /Catalog /OpenAction << /S /Launch /F (/bin/touch) >>"
            b" /AA << /O << /S /JavaScript /JS (app.alert\\(1\\)) >> >> /AcroForm << /XFA 4 0 R >>",
        ),
        "halves-of-characters.pdf": page.replace(HELVETICA, mapped).replace(b"/Again Do", cmap),
    }
    made |= {
        f"box-{name}.pdf": page.replace(b"[0 0 595 842]", box, 1) for name, box in BOXES.items()
    }
    made |= {f"font-{name}.pdf": page.replace(HELVETICA, font) for name, font in FONTS.items()}
    return made


def scans() -> dict[str, bytes]:
    """Pictures that claim to be large, and one that is."""
    claim = b"/Width 2000000000 /Height 2000000000 /BitsPerComponent 1 /Filter /%s"
    deflate = zlib.compressobj(9)
    large = b"".join(deflate.compress(bytes(MEGA)) for _ in range(100)) + deflate.flush()
    size = b"/Width 10000 /Height 10000 /BitsPerComponent 8 /Filter /FlateDecode"
    return {
        **{
            f"scan-{name}.pdf": picture(b"\x97JB2" * 200, claim % name.encode()) for name in FILTERS
        },
        "scan-bomb.pdf": picture(large, size),
    }


def disguised() -> dict[str, bytes]:
    """Files that are not what their name says."""
    sound = invented.as_pdf(invented.invent(910, bullets=1))
    return {
        "zip.pdf": archive("a.txt"),
        "word.pdf": archive("word/document.xml"),
        "packed.pdf": gzip.compress(sound),
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        "program.txt": b"MZ" + bytes(range(256)) * 20,
        "postscript.pdf": b"%!PS-Adobe-3.0\n/x { x } def x\n",
        "late-head.pdf": b"x" * 1020 + b"%PDF-1.7\n",
        "two.pdf": sound + invented.as_pdf(invented.invent(911, bullets=1)),
        "page.pdf": invented.as_html(invented.invent(912, bullets=1)),
        "print.html": invented.as_pdf(invented.invent(913, bullets=1)),
    }


def pages() -> dict[str, bytes]:
    head, sound = b"<!DOCTYPE html><html><body>", invented.as_html(invented.invent(920)).decode()
    many = 100_000
    made = {
        "tags-open.html": head + b"<b>" * MEGA + b"x",
        "tags-closing.html": head + b"</p>" * MEGA,
        "paragraphs.html": head + b"<p>" * (MEGA // 4),
        "adopted.html": head + b"<b><p></b>" * many,
        "options.html": head + b"<select><option>" * many,
        "attributes-200000.html": head + b"<p " + b" ".join(b"a%d=x" % n for n in range(200_000)),
        "attribute-10mb.html": head + b"<p title='" + b"x" * 10 * MEGA + b"'>text</p>",
        "cells-that-span.html": head
        + b"<table>"
        + (b"<tr>" + b"<td colspan=1000 rowspan=65534>a" * 50) * 100,
        "cells-wide.html": head + b"<table><tr>" + b"<td>a" * many,
        "cells-tall.html": head + b"<table>" + b"<tr><td>1.1<td>Leadership<td>Good" * 30_000,
        "numbers.html": head
        + "<table><tr><td rowspan=-1>a<td rowspan=1e9>b<td rowspan=²>c<td rowspan=٣>d</table>"
        f"<ol start=--5><li>a<li value=²>b</ol><ol start={'9' * 5000}><li value=-1>c</ol>".encode(),
        "entities-odd.html": head
        + b"<p>"
        + b"&NotEqualTilde;&ampamp&#x110000;&#-1;&#9999999999999;&#x;" * many,
        "entities-declared.html": b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
        b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<html><body><p>&b; &x;</p></body></html>",
        "data-urls.html": head
        + b"<img src='data:image/png;base64,"
        + b"A" * MEGA
        + b"'><iframe srcdoc='<p>Strengths:</p>'></iframe><p>ok.</p>",
        "drawings.html": head + b"<svg><math><mtext><foreignObject><li>" * 5000 + b"x",
        "comments.html": head + b"<!---->" * many + b"<p>x",
        "doctypes.html": b"<!DOCTYPE html>" * many + b"<p>x",
        "breaks.html": head + b"<p>" + b"- a thing<br>" * (many // 2),
        "items-empty.html": head + b"<h3>Strengths:</h3><ul>" + b"<li></li>" * many + b"</ul>",
        "raised.html": head + b"<p>a" + b"<sup>1</sup>" * (many // 2),
        "plaintext.html": head + b"<plaintext><ul><li>Strengths:</li>" * 1000,
        "frames.html": b"<html><frameset><frame src=x></frameset><noframes><p>x</noframes>",
        "utf-7.html": b"<meta charset=utf-7><body>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "no-mark-le.html": sound.encode("utf-16-le"),
        "no-mark-be.html": sound.encode("utf-16-be"),
        "thirty-two.html": sound.encode("utf-32"),
        "two-encodings.html": sound.encode()[:3000] + b"caf\xe9 \x93q\x94" + sound.encode()[3000:],
        "zeros-between.html": sound.encode().replace(b"<", b"\0<"),
    }
    for name in ("idna", "rot13", "zlib_codec", "punycode", "x" * 50_000, "utf\0-8", "../passwd"):
        said = sound.replace("<html>", f"<html><meta charset='{name}'>")
        made[f"charset-{len(made)}.html"] = said.encode()
    return made


def plain() -> dict[str, bytes]:
    sound = invented.as_text(invented.invent(930)).decode()
    opened = b"1.1 Leadership\nStrengths:\n"
    return {
        "marks.txt": (sound + "Strengths:\n- a" + "\u0301\u0489\u20dd" * 100_000).encode(),
        "bullet-1mb.txt": opened + b"- " + b"word " * 250_000 + b"\n",
        "bullets-empty.txt": opened + b"- \n" * 100_000,
        "feeds.txt": sound.encode() + b"\f" * 200_000,
        "numbered-pages.txt": b"".join(b"Page %d of 99999\n\f" % n for n in range(50_000)),
        "one-line-again.txt": b"A line that comes again and again.\n" * 50_000,
        "digits.txt": b"1." * MEGA,
        "odd-blanks.txt": ("\u2003" * MEGA + "x\n").encode(),
        "raised.txt": ("a" + "¹²³" * 200_000).encode(),
        "parens.txt": b"(a " * 300_000,
        "dashes.txt": b"-" * MEGA + b"\n" + b"- - - - " * 100_000,
        "addresses.txt": b"http://" * 100_000 + b"www." * 100_000,
        "contents.txt": b"".join(b"%d.1 Leadership %s 4\n" % (n, b"." * n) for n in range(1500)),
        "indents.txt": opened + b"".join(b" " * n + b"- item\n" for n in range(3000)),
        "quoted.md": b">" * 100_000 + b"x\n" + b"* " * 100_000 + b"\n" + b"[" * 100_000,
        "word-1mb.txt": sound.replace("Leaders", "L" * MEGA, 1).encode(),
        "months.txt": b"Published: 99 February 99999\nFieldwork " + b"January " * 50_000,
        "numbers.txt": sound.replace(
            "office", f"office, {'9' * 400} of the {'9' * 5000} cases, 7 of the {'9' * 22} cases"
        ).encode(),
        "ebcdic.txt": sound.encode("cp037", "replace"),
        "utf-7.txt": sound.encode("utf-7"),
        "half-sixteen.txt": sound.encode()[:999] + sound.encode("utf-16-le")[2000:],
        "halves.txt": sound.encode().replace(b"Leaders", b"\xed\xa0\xbd\xed\xb8\x80"),
        "overlong.txt": sound.encode().replace(
            b"Leaders", b"\xc0\xae\xc0\xae/\xf8\x88\x80\x80\x80"
        ),
        "no-characters.txt": sound.replace("Leaders", "\ufffe\uffff\U0010ffff\ue000").encode(),
        "tagged.txt": sound.replace("Leaders", "Lead\U000e0041\U000e0042ers\ufeff").encode(),
        **{
            f"ends-{n}.txt": sound.replace("\n", end).encode()
            for n, end in enumerate(("\r", "\x85", "\u2028", "\x0b", "\r\r\n"))
        },
    }


NAMES = (
    *("../../../../etc/passwd", "<script>alert(1)</script><img src=x onerror=alert(2)>"),
    *('=HYPERLINK("http://x","y")', "@SUM(1+1)*cmd|' /C calc'!A0", "'; drop table findings; --"),
    *("[x](javascript:alert(1)) ![y](http://127.0.0.1/z) | a | b | ` **", "Long" + "name" * 3000),
    *("A\x1b[31mred\x07", "{{7*7}}{% for x in y %}", "]]></script><!-- &amp; &#0; \ufffe\uffff"),
    *(
        "A\0B",
        "👩‍👩‍👧‍👦",
        "A\tB\u00a0C\u200b",
        "CON",
        'a/b\\c:d*e?f"g<h>i|j',
        '"}; alert(1); // \u2028',
    ),
    *("[a]:*?/\\'x'", "המנהלים", "العاملون", "P" + "\u0300" * 500),
)


def named() -> dict[str, bytes]:
    """Sound reports of units and regions whose names are code somewhere."""
    made = {}
    for number, name in enumerate(NAMES):
        report = invented.invent(940 + number, bullets=1)
        text = invented.as_text(report).decode().replace(f"{report.unit} PDU", f"{name} PDU")
        if number % 2:
            text = text.replace(f"{report.region} region", f"{name} region")
        first = report.findings[0]
        made[f"named-{number}.txt"] = text.replace(first, f"{name} {first}", 1).encode()
    return made
