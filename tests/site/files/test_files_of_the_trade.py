"""Files as people have them: each is understood, and read right after what a person would correct."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_core.errors import Refusal
from qudao_core.imports.importer import make_importer
from qudao_core.imports.mapping.messages import message_of
from qudao_core.imports.mapping.ready import ready_for
from qudao_core.imports.mapping.rows import mapped
from qudao_core.imports.mapping.rules import FileMapping, Source, from_json, to_json
from qudao_core.imports.mapping.understanding import Understanding, open_for, understand
from qudao_core.imports.mapping.vocabulary import break_of
from qudao_core.imports.running import Tally, run
from qudao_partner_portal.testing import make_back_office, make_company, viewer_of

from . import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lists():
    maker = make_company("Maker")
    make_price_list("base", seller=maker)
    make_price_list("euro", seller=maker, currency="EUR")
    make_price_list("promotion", seller=maker)


@pytest.fixture
def ida():
    return viewer_of(make_back_office("Ida Import", is_superuser=True))


def seen(viewer: Any, kind: str, content: bytes, **given: Any) -> Understanding:
    return understand(make_importer(kind, viewer), io.BytesIO(content), **given)


def rows(viewer: Any, kind: str, content: bytes, mapping: FileMapping) -> list[dict[str, Any]]:
    """What a file is read as: fields by name, without the empty ones. A kept mapping reads the same."""
    importer, file = make_importer(kind, viewer), io.BytesIO(content)
    assert from_json(to_json(mapping)) == mapping
    table = mapped(open_for(importer, file, mapping), mapping, importer)
    names = [column.name for column in table.heading.columns.values()]
    return [
        {name: cell for name, cell in zip(names, cells, strict=True) if cell not in (None, "")}
        for _line, cells in table.rows()
    ]


def tried(
    viewer: Any, kind: str, content: bytes, mapping: FileMapping | None = None, **options: str
) -> Tally:
    importer, file = make_importer(kind, viewer, options), io.BytesIO(content)
    mapping = mapping or seen(viewer, kind, content).mapping
    return run(importer, mapped(open_for(importer, file, mapping), mapping, importer), dry=True)


def changed(mapping: FileMapping, field: str, **changes: Any) -> FileMapping:
    return replace(
        mapping,
        sources=tuple(replace(each, **changes) if each.field == field else each for each in mapping.sources),
    )


def codes(found: Understanding) -> set[str]:
    return {note.code for note in found.notes}


def problem_codes(tally: Tally) -> list[str]:
    return [problem.code for problem in tally.problems]


def test_a_builders_list_has_titles_sections_and_codes_without_a_header(ida):
    found = seen(ida, "products", made.BUILDER)
    assert found.mapping.header == 4
    assert codes(found) == {"sections", "unknown_words"}
    mapping = changed(found.mapping, "unit", words={"lfm": "m", "m²": "sqm", "Rolle": "roll"})
    assert rows(ida, "products", made.BUILDER, mapping) == [
        {"sku": "0100.10", "title": "Rahmen 12 cm", "unit": "m", "categories": "Außenwand"},
        {"sku": "0100.20", "title": "Dämmung 16 cm", "unit": "sqm", "categories": "Außenwand"},
        {"sku": "0200.10", "title": "Latte 30/50", "unit": "m", "categories": "Dach"},
        {"sku": "0200.20", "title": "Folie", "unit": "roll", "categories": "Dach"},
    ]
    for sku in ("0100.10", "0100.20", "0200.10"):
        make_product(sku)
    prices = seen(ida, "prices", made.BUILDER)
    assert {"sections", "no_value_words", "currency"} <= codes(prices)
    tally = tried(ida, "prices", made.BUILDER, prices.mapping, price_list="euro")
    assert (tally.created, tally.rejected) == (3, 0)
    assert tally.left_out["counts"] == {"section": 2, "no_value": 1}
    assert [row["cells"]["Unit price"] for row in tally.sample] == ["48.50", "1206.90", "2.15"]
    assert problem_codes(tried(ida, "prices", made.BUILDER, price_list="base")) == ["other_currency"] * 3


def test_sections_may_be_left_out_or_kept(ida):
    mapping = seen(ida, "products", made.BUILDER).mapping
    assert len(rows(ida, "products", made.BUILDER, replace(mapping, sections="leave_out"))) == 4
    assert len(rows(ida, "products", made.BUILDER, replace(mapping, sections=""))) == 6


def test_prices_side_by_side_are_a_row_for_each_grade(ida):
    found = seen(ida, "prices", made.GRADES)
    assert found.mapping.header == 9
    assert [dict(each.sets) for each in found.mapping.spread] == [
        {"product": "充新"},
        {"product": "靓机"},
        {"product": "小花"},
    ]
    read = rows(ida, "prices", made.GRADES, replace(found.mapping, joined_by="-"))
    assert read[:4] == [
        {"product": "QM20-8+256-充新", "unit_price": 1980.0},
        {"product": "QM20-8+256-靓机", "unit_price": 1850.0},
        {"product": "QM20-8+256-小花", "unit_price": 1700.0},
        {"product": "QM20-12+512-充新", "unit_price": 2260.0},
    ]
    assert "no_value_words" in codes(found)
    assert len(read) == 7
    to_lists = replace(
        found.mapping,
        spread=tuple(replace(each, sets={"price_list": "base"}) for each in found.mapping.spread),
    )
    assert rows(ida, "prices", made.GRADES, to_lists)[0] == {
        "product": "QM20 8+256",
        "unit_price": 1980.0,
        "price_list": "base",
    }


def test_a_group_named_once_and_a_currency_word(ida):
    found = seen(ida, "products", made.GROUPS)
    read = rows(ida, "products", made.GROUPS, found.mapping)
    assert [row["categories"] for row in read] == ["办公文具"] * 3 + ["纸品"] * 2
    make_product("复印纸 A4 80g")
    tally = tried(ida, "prices", made.GROUPS, price_list="base")
    assert (tally.created, tally.rejected) == (1, 4)
    assert [row["cells"]["Unit price"] for row in tally.sample] == ["1.20", "1.20", "9.8", "21.5", "25"]


def test_a_group_that_is_not_merged_is_filled_down(ida):
    plain = made.book(
        {
            "Sheet": [
                ["产品分类", "货号", "商品名称", "单位"],
                ["笔", "P-1", "签字笔", "支"],
                [None, "P-2", "圆珠笔", "支"],
                [None, "P-3", "铅笔", "支"],
                ["纸", "P-4", "复印纸", "包"],
            ]
        }
    )
    found = seen(ida, "products", plain)
    assert "filled_down" in codes(found)
    read = rows(ida, "products", plain, found.mapping)
    assert [row["categories"] for row in read] == ["笔", "笔", "笔", "纸"]


def test_a_sheet_for_each_maker_behind_a_cover(ida):
    found = seen(ida, "prices", made.MAKERS)
    assert found.mapping.sheets == ("恒芯", "锐微")
    assert {"sheets_alike", "too_precise", "gross_prices"} <= codes(found)
    for sku in ("恒X-101", "恒X-102", "锐X-101", "锐X-102"):
        make_product(sku)
    assert set(problem_codes(tried(ida, "prices", made.MAKERS, price_list="base"))) == {"too_many_decimals"}
    net = changed(found.mapping, "unit_price", divisor=Decimal("1.13"), rounded=True)
    tally = tried(ida, "prices", made.MAKERS, net, price_list="base")
    assert (tally.created, tally.rejected) == (4, 0)
    assert [row["cells"]["Unit price"] for row in tally.sample] == ["7.1364", "14.2728", "3.4029", "6.8058"]
    assert [row["sheet"] for row in tally.sample] == ["恒芯", "恒芯", "锐微", "锐微"]
    one = replace(found.mapping, sheets=("锐微",))
    assert len(rows(ida, "prices", made.MAKERS, one)) == 2


def test_prices_for_a_thousand_with_breaks_in_columns(ida):
    found = seen(ida, "prices", made.THOUSANDS)
    assert found.mapping.source("unit_price").divisor == 1000
    for sku in ("R0603-10K", "C0805-100N"):
        make_product(sku)
    mapping = changed(found.mapping, "unit_price", rounded=True)
    tally = tried(ida, "prices", made.THOUSANDS, mapping, price_list="base")
    assert (tally.created, tally.rejected) == (8, 0)
    assert [
        (row["cells"]["From quantity"], row["cells"]["Unit price"])
        for row in tally.sample
        if row["line"] == 3
    ] == [("1", "0.0063"), ("1000", "0.0063"), ("5000", "0.0059"), ("10000", "0.0054")]


def test_merged_cells_have_their_value_in_every_row(ida):
    found = seen(ida, "prices", made.MERGED)
    read = rows(ida, "prices", made.MERGED, found.mapping)
    assert read == [
        {"price_list": "promotion", "product": "LH-1", "unit_price": 9.0},
        {"price_list": "promotion", "product": "LH-2", "unit_price": 9.0},
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("DE-1;Lösung Größe\nDE-2;Müllers Tür\nDE-3;Gehäuse mit Fußplatte\n", "cp1252"),
        ("FR-1;Clé à molette\nFR-2;Boîtier étanche\nES-3;Español, niño\n", "cp1252"),
        ("АБ-1;Лампа настольная\nАБ-2;Выключатель двойной\nАБ-3;Розетка с заземлением\n", "cp1251"),
        ("PL-1;Żarówka biała\nPL-2;Łącznik krzyżowy\nPL-3;Oprawa świetlówkowa\n", "cp1250"),
        ("A-1;簽字筆\nA-2;訂書機\nA-3;影印紙與資料夾\n", "big5"),
    ],
)
def test_other_encodings_are_recognised_and_asked(ida, text, encoding):
    content = ("sku;title\n" + text).encode(encoding)
    found = seen(ida, "products", content)
    assert "unsure_encoding" in codes(found)
    titles = [line.split(";")[1] for line in text.splitlines()]
    assert [row["title"] for row in rows(ida, "products", content, found.mapping)] == titles
    chosen = replace(found.mapping, encoding=encoding)
    assert [row["title"] for row in rows(ida, "products", content, chosen)] == titles


def test_chinese_is_not_asked(ida):
    content = "货号,名称\nA-1,签字笔\nA-2,订书机\n".encode("gb18030")
    assert codes(seen(ida, "products", content)) == set()


def test_the_delimiter_is_the_one_that_stands_in_every_line(ida):
    content = b"sku;price\nLH-1;12,50\nLH-2;9,90\nLH-3;7,25\n"
    found = seen(ida, "prices", content)
    assert found.delimiter == ";"
    assert rows(ida, "prices", content, found.mapping)[0] == {"product": "LH-1", "unit_price": "12,50"}


def test_a_decimal_comma_is_read_by_the_files_own_evidence(ida):
    make_product("LH-1")
    make_product("LH-2")
    tally = tried(ida, "prices", b"sku;price;min\nLH-1;0,125;1\nLH-2;1,250;1\n", price_list="base")
    assert [row["cells"]["Unit price"] for row in tally.sample] == ["0.125", "1.250"]
    assert [row["cells"]["From quantity"] for row in tally.sample] == ["1", "1"]


def test_no_row_is_lost_between_batches(ida):
    """The file is looked at as a whole for how it writes its numbers while its rows are read in parts."""
    make_product("LH-1")
    content = b"sku,price,min\n" + b"".join(b"LH-1,%d.001,%d\n" % (n % 9 + 1, n + 1) for n in range(9_000))
    importer = make_importer("prices", ida, {"price_list": "base"})
    tally = run(importer, open_for(importer, io.BytesIO(content), FileMapping())[0], dry=True)
    assert (tally.total, tally.created, tally.rejected) == (9_000, 9_000, 0)


@pytest.mark.parametrize(
    ("cell", "format_", "said"),
    [
        (123, "000000", "000123"),
        (123456, "000-000", "123-456"),
        (85123, "General", "85123"),
        ("0012", "General", "0012"),
        (__import__("datetime").date(2026, 3, 14), "yyyy-mm-dd", "date_in_identifier"),
        ("6.93412E+12", "General", "scientific"),
        (123456789012345678, "0", "digits_lost"),
    ],
)
def test_an_identifier_is_what_a_person_sees_or_refused(ida, cell, format_, said):
    content = made.book({"Sheet": [["sku", "title"], [cell, "x"]]}, A2=format_)
    tally = tried(ida, "products", content)
    if tally.rejected and tally.problems[0].field == "SKU":
        assert tally.problems[0].code == said
    else:
        assert tally.sample[0]["cells"]["SKU"] == said


def test_a_barcode_that_excel_destroyed_is_refused(ida):
    tally = tried(ida, "products", b"sku,title,barcode\nS-1,a,6.93412E+12\nS-2,b,6.93412E+12\n")
    assert problem_codes(tally)[:1] == ["scientific"]
    assert tally.rejected == 2


def test_a_shopify_export_becomes_products_and_variants(ida):
    found = seen(ida, "products", made.SHOPIFY)
    importer = make_importer("products", ida)
    mapping = ready_for(importer, found).make(found)
    read = rows(ida, "products", made.SHOPIFY, mapping)
    assert [(row["sku"], row.get("parent"), row["title"]) for row in read] == [
        ("desk-lamp", None, "Desk lamp"),
        ("NL-DL-B", "desk-lamp", "Desk lamp"),
        ("NL-DL-W", "desk-lamp", "Desk lamp"),
        ("NL-FL", None, "Floor lamp"),
    ]
    prices = ready_for(make_importer("prices", ida), found).make(found)
    assert [row["product"] for row in rows(ida, "prices", made.SHOPIFY, prices)] == [
        "NL-DL-B",
        "NL-DL-W",
        "NL-FL",
    ]


def test_odoo_and_uci_exports_have_ready_mappings(ida):
    for kind, content, first in (
        ("products", made.ODOO, {"sku": "FURN_001", "title": "Desk"}),
        ("prices", made.ODOO, {"product": "FURN_001", "unit_price": "450.00"}),
        ("stock", made.ODOO, {"product": "FURN_001", "on_hand": "12"}),
        ("orders", made.UCI, {"number": "536365", "ordered_at": "2010-12-1 8:26", "company": "17850"}),
    ):
        found = seen(ida, kind, content)
        mapping = ready_for(make_importer(kind, ida), found).make(found)
        read = rows(ida, kind, content, mapping)
        assert first.items() <= read[0].items()
        assert len(read) == 2


def test_one_value_for_all_rows_and_a_column_left_alone(ida):
    content = b"sku,price\nLH-1,3\n"
    mapping = seen(ida, "prices", content).mapping
    mapping = replace(mapping, sources=(*mapping.sources, Source("price_list", value="base")))
    assert rows(ida, "prices", content, mapping) == [
        {"product": "LH-1", "unit_price": "3", "price_list": "base"}
    ]


def test_a_field_without_a_column_is_named(ida):
    with pytest.raises(Refusal) as caught:
        tried(
            ida, "prices", b"sku,price\nLH-1,3\n", FileMapping(header=1, sources=(Source("product", (1,)),))
        )
    assert (caught.value.code, caught.value.problem.params["missing"]) == ("not_mapped", ["unit_price"])


@pytest.mark.parametrize(
    ("kind", "text", "fields"),
    [
        (
            "prices",
            "Artikelnummer;Bezeichnung;Einheit;EK;VK\nPL-1;Kies 8/16;t;21,50;32,00\nPL-2;Mulch;m³;18,00;29,90\n",
            {"product": 1, "unit_price": 5},
        ),
        (
            "products",
            "Artikelnummer;Bezeichnung;Kategorie;Preis;Einheit\nST-001;Stahlträger;Stahl;12.50;m\nRR-1;Rohr;Rohre;8.50;m\n",
            {"sku": 1, "title": 2, "unit": 5},
        ),
        (
            "prices",
            "Pos;Artikelnummer;Bezeichnung;Menge;Einheit;Einzelpreis;Gesamtpreis\n1;A-1;Schraube;3;Stk;1,50;4,50\n",
            {"product": 2, "unit_price": 6},
        ),
        (
            "prices",
            "SKU,Product_EN,Product_CN,Quantity,Retail_Price,Wholesale_Price,Wholesale_Discount\n"
            "S-3001,Pea Sprout,觀豆苗,10,91,70,23%\nS-3002,Gai Lan,芥蘭,30,71.5,55,23%\n",
            {"product": 1, "unit_price": 6},
        ),
        (
            "prices",
            "Артикул;Наименование;Цена\nA-100;Лампа;120,50\nA-101;Розетка;80,00\n",
            {"product": 1, "unit_price": 3},
        ),
        (
            "prices",
            "序号,物料编码,品名,采购价,批发价,金额\n1,M-001,签字笔,0.8,1.2,12\n2,M-002,订书机,6,9.8,98\n",
            {"product": 2, "unit_price": 5},
        ),
        (
            "stock",
            "Item Code,Description,Qty Available,Location\nAB-1,Bolt,120,chengdu\nAB-2,Nut,60,chengdu\n",
            {"product": 1, "on_hand": 3, "warehouse": 4},
        ),
        (
            "prices",
            "Part No,Description,1-9,10-99,100+\nAB-1,Bolt,1.20,1.10,0.95\nAB-2,Nut,0.60,0.55,0.50\n",
            {"product": 1},
        ),
    ],
)
def test_columns_are_found_by_what_traders_call_them(ida, kind, text, fields):
    found = seen(ida, kind, text.encode())
    said = {source.field: source.columns[0] for source in found.mapping.sources if source.columns}
    assert {name: said.get(name) for name in fields} == fields
    if "1-9" in text:
        assert [dict(each.sets) for each in found.mapping.spread] == [
            {"min_quantity": "1"},
            {"min_quantity": "10"},
            {"min_quantity": "100"},
        ]


@pytest.mark.parametrize(
    "headers",
    [
        ("ab 1 Stk EUR", "ab 100 Stk EUR", "ab 1.000 Stk EUR"),
        ("Preis ab 1 (€)", "Preis ab 100 (€)", "Preis ab 1000 (€)"),
        ("Price 1+ (EUR)", "Price 100+ (EUR)", "Price 1,000+ (EUR)"),
        ("Unit price (1-99)", "Unit price (100-999)", "Unit price (1000+)"),
        ("单价(1-99个)", "单价(100-999个)", "单价(1000个以上)"),
        ("1个起/元", "100个起/元", "1千个起/元"),
    ],
)
def test_a_header_names_the_quantity_among_price_and_currency_words(ida, headers):
    lines = [["SKU", *headers], ["AB-1", "1,95", "1,80", "1,65"], ["AB-2", "2,10", "2,00", "1,90"]]
    found = seen(ida, "prices", "\n".join(";".join(line) for line in lines).encode())
    said = [dict(each.sets) for each in found.mapping.spread]
    assert said == [{"min_quantity": "1"}, {"min_quantity": "100"}, {"min_quantity": "1000"}]


@pytest.mark.parametrize(
    "header", ["Price 2", "Preis 2026 EUR", "RAM 8+256 EUR", "Preis/100 Stk EUR", "40W EUR"]
)
def test_a_number_in_a_header_is_not_always_a_quantity(header):
    assert break_of(header) == ""


def test_one_heading_is_told_in_the_singular(ida):
    text = "Artikel-Nr.;Text;Preis\nAB-1;A;1,95\nAB-2;B;2,10\nKlemmen;;\nAB-3;C;2,20\nAB-4;D;2,30\n"
    notes = [message_of(note) for note in seen(ida, "prices", text.encode()).notes]
    assert "1 row looks like a heading of the rows below: Klemmen." in notes
