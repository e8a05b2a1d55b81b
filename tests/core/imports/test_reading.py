"""Files as people send them: encodings, delimiters, workbooks, and files that mean harm."""

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from qudao_core.errors import Refusal
from qudao_core.imports.reading import open_table, open_tables
from qudao_core.imports.rules import FormulaError

LIMITS = {"max_bytes": 50_000_000, "max_rows": 1000}


def table(content: bytes, **limits):
    return open_table(io.BytesIO(content), **{**LIMITS, **limits})


def rows(content: bytes, **limits):
    return list(table(content, **limits).rows())


def refusal(content: bytes, **limits) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rows(content, **limits)
    return caught.value


def workbook(*lines, **cells) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for place, value in cells.items():
        book.active[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_csv_in_the_encodings_of_the_trade(encoding):
    content = "商品编号,名称\nA-1,开关面板\n".encode(encoding)
    assert rows(content) == [(1, ["商品编号", "名称"]), (2, ["A-1", "开关面板"])]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark):
    content = f'sku{mark}name\r\nA{mark}"x{mark}y"\r\n\r\nB{mark}z\r\n'.encode()
    assert rows(content) == [(1, ["sku", "name"]), (2, ["A", f"x{mark}y"]), (4, ["B", "z"])]


def test_excels_own_delimiter_line():
    assert rows(b"sep=;\nsku;name\nA;b,c\n") == [(2, ["sku", "name"]), (3, ["A", "b,c"])]


def test_lines_are_counted_as_an_editor_counts_them():
    content = b'sku,note\nA,"two\nlines"\nB,x\n'
    assert [line for line, _cells in rows(content)] == [1, 2, 4]


def test_mixed_encodings_name_the_line():
    content = "sku,名称\nA,开关\nB,插座\n".encode() + "C,面板\n".encode("gb18030") + "D,灯具\n".encode()
    found = refusal(content)
    assert (found.code, found.problem.line) == ("mixed_encodings", 4)
    assert "4" in str(found.message)
    assert found.problem.remedy


def test_an_unknown_encoding_names_the_line():
    found = refusal(b"sku,name\nA,ok\nB,\x81\x20\n")
    assert (found.code, found.problem.line) == ("unknown_encoding", 3)


def test_an_open_quotation_mark_names_the_line():
    found = refusal(b'sku,name\nA,b\nB,"oops\nC,d\n')
    assert (found.code, found.problem.line) == ("broken_quotes", 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \n", "empty_file"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n", "not_a_table"),
        (b"<html><table>", "not_a_table"),
        (b"abc\x00def", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old_excel"),
        (b"PK\x03\x04 broken", "not_a_table"),
    ],
)
def test_other_files_are_refused_by_what_they_hold(content, code):
    found = refusal(content)
    assert found.code == code
    assert found.problem.remedy


def test_size_and_row_limits():
    for found, code in (
        (refusal(b"a,b\n" * 30, max_bytes=100), "file_too_large"),
        (refusal(b"a,b\n" * 30, max_rows=10), "too_many_rows"),
        (refusal(workbook(*[["a", 1]] * 30), max_rows=10), "too_many_rows"),
    ):
        assert (found.code, found.status) == (code, 413)


def test_a_workbook_keeps_types_and_lines():
    content = workbook(C3="sku", D3="from", C4="00123", D4=date(2026, 1, 2), C6=85123, D6=2.5)
    assert rows(content) == [
        (3, [None, None, "sku", "from"]),
        (4, [None, None, "00123", date(2026, 1, 2)]),
        (6, [None, None, 85123.0, 2.5]),
    ]


def test_a_formula_without_result_and_an_error_cell_are_named():
    book = openpyxl.Workbook()
    book.active.append(["sku", "price", "x"])
    book.active.append(["A", "=1+1", "y"])
    book.active.append(["B", "#N/A", "z"])
    book.active["B3"].data_type = "e"
    stream = io.BytesIO()
    book.save(stream)
    assert rows(stream.getvalue()) == [
        (1, ["sku", "price", "x"]),
        (2, ["A", FormulaError("=1+1"), "y"]),
        (3, ["B", FormulaError("#N/A"), "z"]),
    ]


def rewritten(content: bytes, change) -> bytes:
    """The same archive with its sheet's XML changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(
                entry.filename, change(data) if entry.filename.startswith("xl/worksheets/") else data
            )
    return out.getvalue()


def test_a_damaged_sheet_is_refused():
    content = rewritten(workbook(["sku", 1], ["A", 2]), lambda xml: xml.replace(b"<v>2</v>", b"<v>2-</v>"))
    assert refusal(content).code == "not_a_table"


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml[: len(xml) // 2],
        lambda xml: xml.replace(b"<row", b"<row \xff="),
    ],
)
def test_a_sheet_whose_xml_is_broken_is_refused(change):
    assert refusal(rewritten(workbook(["sku"], ["A"]), change)).code == "not_a_table"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
)
def test_a_part_whose_checksum_is_wrong_is_refused(part):
    content = workbook(["sku"], ["A"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        checksum = archive.getinfo(part).CRC.to_bytes(4, "little")
    assert refusal(content.replace(checksum, b"\x01\x02\x03\x04")).code == "not_a_table"


def test_an_encoding_nobody_knows_is_refused():
    content, out = workbook(["sku"], ["A"]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            head = b'<?xml version="1.0" encoding="nobodys"?>' if entry.filename == "xl/workbook.xml" else b""
            new.writestr(entry.filename, head + old.read(entry))
    assert refusal(out.getvalue()).code == "not_a_table"


def test_a_directory_that_points_before_the_archive_is_refused():
    content = bytearray(workbook(["sku"], ["A"]))
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = (len(content) * 2).to_bytes(4, "little")  # the directory's size
    assert refusal(bytes(content)).code == "not_a_table"


def test_a_formula_with_its_result_is_read():
    content = rewritten(
        workbook(["sku", "price"], ["A", "=1+1"]),
        lambda xml: re.sub(rb"<v ?/>|<v></v>", b"<v>2</v>", xml),
    )
    assert rows(content)[1] == (2, ["A", 2.0])


def test_a_sheet_that_pretends_to_be_huge_is_refused():
    content = rewritten(workbook(["sku"], ["A"]), lambda xml: xml.replace(b'r="A2"', b'r="XFD1048576"'))
    assert refusal(content).code == "unsafe_file"


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("qudao_core.imports.reading.workbook.MAX_UNPACKED", 1_000_000)
    content = rewritten(workbook(["sku"]), lambda xml: xml + b" " * 2_000_000)
    assert len(content) < 20_000
    assert refusal(content).code == "unsafe_file"


def test_the_first_visible_sheet_is_read():
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.sheet_state = "hidden"
    book.create_sheet("Prices").append(["sku", "price"])
    stream = io.BytesIO()
    book.save(stream)
    assert table(stream.getvalue()).sheet == "Prices"
    assert refusal(stream.getvalue(), sheet="Nowhere").code == "unknown_sheet"


@pytest.mark.parametrize(
    "content",
    [
        b"sku,price\n" + b"".join(b"LH-%d,%d\n" % (n, n) for n in range(900)),
        workbook(["sku", "price"], *[[f"LH-{n}", n] for n in range(900)]),
    ],
    ids=["csv", "xlsx"],
)
def test_a_table_is_read_twice_in_turns(content):
    """While rows are imported in batches, the whole file is looked at for how it writes its numbers."""
    opened = table(content)
    first = opened.rows()
    begun = [next(first) for _ in range(10)]
    assert len(list(opened.rows())) == 901
    assert len(begun) + len(list(first)) == 901


# --- Workbooks that are not what they seem ---

PART = "xl/worksheets/sheet1.xml"
ENTITY = b'<!DOCTYPE a [<!ENTITY g SYSTEM "file:///etc/passwd">]>'


def changed_workbook(part, change):
    book = openpyxl.Workbook()
    for row in (["sku", "price"], ["LH-1", 1.5], ["LH-2", 7]):
        book.active.append(row)
    book.active["B2"].number_format = "000000"
    made = io.BytesIO()
    book.save(made)
    changed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return changed


PARTS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "xl/_rels/workbook.xml.rels",
    "docProps/app.xml",
    "xl/styles.xml",
    "xl/theme/theme1.xml",
    "xl/workbook.xml",
    PART,
)


def code_of(file):
    with pytest.raises(Refusal) as refusal:
        for table in open_tables(file, max_bytes=50_000_000, max_rows=1000):
            list(table.rows())
    return refusal.value.problem.code


@pytest.mark.parametrize("part", PARTS)
def test_an_entity_in_any_part_is_refused(part):
    def declared(data):
        start = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
        return data[:start] + ENTITY + data[start:].replace(b"LH-1", b"&g;")

    assert code_of(changed_workbook(part, declared)) == "unsafe_file"


@pytest.mark.parametrize("part", [PART, "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("broken", [lambda data: data[: len(data) // 2], lambda data: b"\xff\xfe" + data])
def test_a_broken_part_is_refused(part, broken):
    assert code_of(changed_workbook(part, broken)) == "not_a_table"


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        (b'r="A2"', b'r="XFD1048576"', "unsafe_file"),
        (b'r="A2"', b'r="AAAAAAAAA99999999999999999"', "not_a_table"),
        (b'r="A2"', b'x="&gt;>" r="AAAAAA1"', "not_a_table"),
        (b'r="A2"', b"r = 'XFD1048576'", "unsafe_file"),
        (b'r="A2"', b'r="a0"', "not_a_table"),
        (b'<row r="2"', b'<row r="4294967295"', "not_a_table"),
        (b'<row r="2"', b'<row r="9999999"', "unsafe_file"),
    ],
)
def test_a_place_far_away_reserves_no_memory(was, now, code):
    def far(data):
        assert was in data
        data = data.replace(was, now)
        return data.replace(b'r="A2"', b"").replace(b'r="B2"', b"") if b"<row" in was else data

    assert code_of(changed_workbook(PART, far)) == code


def test_other_formats_say_what_they_are():
    for names, said in ((("mimetype", "content.xml"), "(.ods)"), (("xl/workbook.bin",), "(.xlsb)")):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name in names:
                archive.writestr(name, b"x")
        with pytest.raises(Refusal) as refusal:
            open_tables(file, max_bytes=10_000, max_rows=10)
        assert (refusal.value.problem.code, said in str(refusal.value.message)) == ("not_a_table", True)
