"""Files that people upload, good ones and bad ones."""

import io
import zipfile
from collections.abc import Callable, Iterable

from docx import Document
from openpyxl import Workbook
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfReader, PdfWriter

FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts "
    b"[<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
    b"<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>] >>"
)


def slow_pdf() -> bytes:
    """A sound PDF whose one page draws half a million words, which a library reads one by one."""
    content = b"BT /C 12 Tf " + b"1 0 0 1 40 700 Tm <4e00> Tj " * 500_000 + b"ET"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /Font << /C 3 0 R >> >> >>"
    )
    return _assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            FONT,
            page,
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        ]
    )


def pdf(*pages: str) -> bytes:
    """A PDF with one line on each page, in a Chinese font that states no Unicode, as data sheets have them."""
    first = 4
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        FONT,
    ]
    for at, words in enumerate(pages):
        text = f"BT /C 12 Tf 40 700 Td <{words.encode('utf-16-be').hex()}> Tj ET".encode()
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font "
            b"<< /C 3 0 R >> >> >>" % (first + 2 * at + 1),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text),
        ]
    return _assembled(objects)


def _assembled(objects: Iterable[bytes]) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))
    return out.getvalue()


def locked_pdf(words: str, *, password: str) -> bytes:
    """The same behind AES; with an empty ``password`` only changing it is forbidden."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(words))))
    writer.encrypt(password, owner_password="owner", algorithm="AES-256")
    return _saved(writer.write)


def docx(*paragraphs: str, cell: str = "", header: str = "") -> bytes:
    document = Document()
    for each in paragraphs:
        document.add_paragraph(each)
    if cell:
        document.add_table(1, 1).cell(0, 0).text = cell
    if header:
        document.sections[0].header.paragraphs[0].text = header
    return _saved(document.save)


def pptx(*titles: str, notes: str = "") -> bytes:
    show = Presentation()
    for each in titles:
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = each
        slide.shapes.add_table(1, 1, 0, 0, Inches(1), Inches(1)).table.cell(0, 0).text = f"cell of {each}"
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return _saved(show.save)


def xlsx(rows: Iterable[list[object]], *, title: str = "Prices") -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    return _saved(book.save)


def million_rows() -> bytes:
    """A sheet of a million rows, put together faster than a library would."""
    row = '<row><c t="inlineStr"><is><t>LH-%d</t></is></c><c><v>%d</v></c></row>'
    body = "".join(row % (number, number) for number in range(1_000_000))
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet = f"{head}{body}</sheetData></worksheet>".encode()
    return rewritten(xlsx([["x"]]), lambda name, data: sheet if name.startswith("xl/worksheets/") else data)


def rewritten(archive: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The archive with parts changed, and ``more`` parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
        for name, data in more.items():
            new.writestr(name, data)
    return out.getvalue()


def zip_bomb() -> bytes:
    """A small DOCX with a part of 300 MB."""
    out = io.BytesIO(docx("bomb"))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/big", "w") as part,
    ):
        for _megabyte in range(300):
            part.write(bytes(1 << 20))
    return out.getvalue()


def lying_zip_bomb() -> bytes:
    """The same, whose directory claims that the part has ten bytes."""
    content = zip_bomb()
    return content.replace((300 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def many_entries() -> bytes:
    out = io.BytesIO(docx("many"))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(6_000):
            archive.writestr(f"word/media/{number}", b"")
    return out.getvalue()


def encrypted_office() -> bytes:
    """What Office writes under a password: no archive any more, but an OLE file with this stream in it."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(99)
    )


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()
