"""Data sheets of the demo products and longer papers: PDF written by hand, so that no system library is needed."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from textwrap import wrap

from PIL import Image

#: A heading and paragraphs, all of them (English, Chinese).
Section = tuple[tuple[str, str], Sequence[tuple[str, str]]]
_LATIN = (
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
)
_METRICS = (
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
    b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
)


def _han(strokes: int) -> bytes:
    return (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        b"/DescendantFonts [%d 0 R] >>" % strokes
    )


def _strokes(metrics: int) -> bytes:
    return (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        b"<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor %d 0 R >>" % metrics
    )


def data_sheet(
    *,
    title: str,
    title_zh: str,
    about: str,
    about_zh: str,
    facts: Sequence[tuple[str, str]],
    picture: Image.Image,
) -> bytes:
    """A PDF with picture, words in both languages and a table of facts: (name, value), at most 18 rows."""
    jpeg = io.BytesIO()
    picture.resize((420, 420)).save(jpeg, "JPEG", quality=86)
    page = _page(title, title_zh, about, about_zh, facts[:18]).encode("latin-1")
    return _assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font "
            b"<< /F 5 0 R /B 6 0 R /C 7 0 R >> /XObject << /P 8 0 R >> >> >>",
            _stream(b"", page),
            *_LATIN,
            _han(9),
            _stream(
                b"/Type /XObject /Subtype /Image /Width 420 /Height 420 /ColorSpace /DeviceRGB "
                b"/BitsPerComponent 8 /Filter /DCTDecode ",
                jpeg.getvalue(),
            ),
            _strokes(10),
            _METRICS,
        ]
    )


def text_paper(*, title: str, title_zh: str, sections: Sequence[Section]) -> bytes:
    """A PDF of as many A4 pages as the sections need; each paragraph in English, then in Chinese."""
    pages = _sheets(title, title_zh, sections)
    first = 8
    kids = b" ".join(b"%d 0 R" % (first + 2 * at) for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(pages)),
        *_LATIN,
        _han(6),
        _strokes(7),
        _METRICS,
    ]
    for at, page in enumerate(pages):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font "
            b"<< /F 3 0 R /B 4 0 R /C 5 0 R >> >> >>" % (first + 2 * at + 1),
            _stream(b"", page.encode("latin-1")),
        ]
    return _assemble(objects)


def _sheets(title: str, title_zh: str, sections: Sequence[Section]) -> list[str]:
    """The drawing of each page: lines from the top, a new page when one is full."""
    pages, y = [[_text("B", 20, 40, 780, title), _text("C", 16, 40, 754, title_zh)]], 716
    for font, size, words in _lines(sections):
        if y < 60:
            pages.append([])
            y = 790
        pages[-1].append(_text(font, size, 40, y, words))
        y -= 16 if words else 10
    foot = [_text("F", 9, 520, 30, f"{at} / {len(pages)}") for at in range(1, len(pages) + 1)]
    return ["\n".join([*page, last]) for page, last in zip(pages, foot, strict=True)]


def _lines(sections: Sequence[Section]) -> Iterator[tuple[str, int, str]]:
    for heading, paragraphs in sections:
        yield from (("F", 10, ""), ("B", 13, heading[0]), ("C", 13, heading[1]), ("F", 10, ""))
        for english, chinese in paragraphs:
            yield from (("F", 10, line) for line in wrap(english, 96))
            yield from (("C", 10, chinese[at : at + 50]) for at in range(0, len(chinese), 50))
            yield "F", 10, ""


def _page(title: str, title_zh: str, about: str, about_zh: str, facts: Sequence[tuple[str, str]]) -> str:
    parts = [
        "0.13 0.34 0.75 rg 0 780 595 62 re f 1 1 1 rg",
        _text("B", 15, 40, 804, "Lanhe Electric"),
        _text("C", 13, 460, 804, "岚禾电气"),
        "q 210 0 0 210 345 540 cm /P Do Q 0.1 0.12 0.15 rg",
        _text("B", 20, 40, 722, title),
        _text("C", 16, 40, 696, title_zh),
        *(_text("F", 10, 40, 660 - 15 * row, line) for row, line in enumerate(_wrapped(about, 52))),
        _text("C", 10, 40, 600, about_zh),
    ]
    for row, (name, value) in enumerate(facts):
        y = 500 - row * 24
        parts += [
            f"0.86 0.88 0.9 RG 0.6 w 40 {y - 8} m 555 {y - 8} l S",
            _text("F", 10, 40, y, name),
            _text("B", 10, 320, y, value),
        ]
    return "\n".join(parts)


def _text(font: str, size: int, x: int, y: int, words: str) -> str:
    if font == "C":
        return f"BT /C {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"
    plain = words.encode("cp1252", "replace").decode("cp1252")
    octal = "".join(
        letter if letter.isascii() and letter not in "()\\" else _escaped(letter) for letter in plain
    )
    return f"BT /{font} {size} Tf {x} {y} Td ({octal}) Tj ET"


def _escaped(letter: str) -> str:
    return f"\\{letter.encode('cp1252')[0]:03o}"


def _wrapped(words: str, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:4]


def _stream(head: bytes, body: bytes) -> bytes:
    return b"<< %b/Length %d >>\nstream\n%b\nendstream" % (head, len(body), body)


def _assemble(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
