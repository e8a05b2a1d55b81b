"""What the demo sells and shows, without a database."""

import io
from collections import Counter

import pytest
from PIL import Image
from qudao_site.demo.content.channel import FIRMS, PEOPLE, TIERS, WAREHOUSES
from qudao_site.demo.content.families import ean, items
from qudao_site.demo.content.products import FAMILIES
from qudao_site.demo.content.terms import CATEGORIES, OPTIONS_ZH, TYPES
from qudao_site.demo.documents import data_sheet
from qudao_site.demo.goods import ANNOUNCED, REPLACED
from qudao_site.demo.pictures import draw, drawings, render

EVERYTHING = list(items(FAMILIES))


def test_there_are_at_least_240_products_in_12_categories():
    tops = [item for item in EVERYTHING if "parent" not in item.row]
    assert len(tops) >= 240
    by_category = Counter(item.family.category for item in tops)
    assert set(by_category) == {slug for _name, _zh, children in CATEGORIES.values() for slug in children}
    assert min(by_category.values()) >= 20
    assert len(by_category) == 12


def test_every_product_has_its_own_code_name_and_words_in_both_languages():
    assert len({item.sku for item in EVERYTHING}) == len(EVERYTHING)
    for name in ("title", "title_zh-hans"):
        assert len({item.row[name] for item in EVERYTHING}) == len(EVERYTHING)
    assert all(item.row["description"] and item.row["description_zh-hans"] for item in EVERYTHING)
    assert not [item.sku for item in EVERYTHING if "{" in item.row["title"] + item.row["title_zh-hans"]]


def test_attributes_are_those_of_the_products_type():
    known = {name: {each.code for each in attributes} for name, attributes in TYPES.items()}
    strange = [
        (item.sku, code)
        for item in EVERYTHING
        for code in item.row["attributes"]
        if code not in known[item.row["product_type"]]
    ]
    assert strange == []
    options = {
        str(value)
        for item in EVERYTHING
        for each in TYPES[item.row["product_type"]]
        if each.kind == "option" and (value := item.row["attributes"].get(each.code))
    }
    words = {option for option in options if option.islower() and " " not in option}
    assert words <= {*OPTIONS_ZH, "bronze"}


def test_replaced_and_announced_products_exist():
    skus = {item.sku for item in EVERYTHING}
    assert {*REPLACED, *REPLACED.values(), *ANNOUNCED} <= skus


def test_barcodes_are_valid_and_differ():
    codes = [item.row["barcode"] for item in EVERYTHING if not item.is_parent]
    assert len(set(codes)) == len(codes)
    assert all(
        sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(code)) % 10 == 0 for code in codes
    )
    assert ean(1) == "2004170000011"


def test_the_channel_has_three_levels_forty_companies_four_tiers_three_warehouses():
    assert (len(FIRMS), len(TIERS), len(WAREHOUSES)) == (40, 4, 3)
    above = {firm.code: firm.parent for firm in FIRMS}
    assert all(firm.parent in above or firm.code == "LH" for firm in FIRMS)

    def depth(code: str) -> int:
        return 1 + depth(above[code]) if above[code] else 0

    assert max(depth(code) for code in above) == 3
    provinces = {territory for firm in FIRMS for territory in firm.territories}
    assert len(provinces) >= 10
    assert {person.firm for person in PEOPLE} - {""} <= set(above)


@pytest.mark.parametrize("name", drawings())
def test_every_drawing_is_a_square_on_a_light_ground_and_the_same_each_time(name):
    picture = draw(name, size=64)
    assert (picture.size, picture.mode) == ((64, 64), "RGB")
    assert min(picture.getpixel((2, 2))) > 220
    assert len(picture.getcolors(4096) or range(4097)) > 20
    assert picture.tobytes() == draw(name, size=64).tobytes()


def test_pictures_are_small_webp_files():
    picture = render(("bulb", (("tone", "warm"),)))
    assert len(picture) < 60_000
    assert Image.open(io.BytesIO(picture)).size == (640, 640)


def test_a_data_sheet_is_a_pdf_that_says_what_it_is_about():
    pdf = data_sheet(
        title="Bulb (A60)",
        title_zh="球泡",
        about="Even light.",
        about_zh="均匀。",
        facts=[("Power", "5 W")],
        picture=draw("bulb", size=64),
    )
    assert pdf.startswith(b"%PDF-1.4")
    assert b"Bulb \\050A60\\051" in pdf
    assert "球泡".encode("utf-16-be").hex().encode() in pdf
    places = pdf[pdf.index(b"\nxref\n") + 1 :].split(b"\n")[3:13]
    assert all(
        pdf[int(place[:10]) :].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, 1)
    )
