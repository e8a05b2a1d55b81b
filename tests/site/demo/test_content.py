"""What the demo sells and shows, without a database."""

from collections import Counter

from PIL import Image
from pypdf import PdfReader
from qudao_site.demo.channel import SHIPPED, load
from qudao_site.demo.families import ean

CHANNEL = load(SHIPPED)
CATALOGUE = CHANNEL.catalogue
EVERYTHING = CHANNEL.items()


def test_there_are_at_least_240_products_in_12_categories():
    tops = [item for item in EVERYTHING if "parent" not in item.row]
    assert len(tops) >= 240
    by_category = Counter(item.family.category for item in tops)
    assert set(by_category) == {slug for root in CATALOGUE.categories.values() for slug in root.children}
    assert min(by_category.values()) >= 20
    assert len(by_category) == 12


def test_every_product_has_its_own_code_name_and_words_in_both_languages():
    assert len({item.sku for item in EVERYTHING}) == len(EVERYTHING)
    for name in ("title", "title_zh-hans"):
        assert len({item.row[name] for item in EVERYTHING}) == len(EVERYTHING)
    assert all(item.row["description"] and item.row["description_zh-hans"] for item in EVERYTHING)
    assert not [item.sku for item in EVERYTHING if "{" in item.row["title"] + item.row["title_zh-hans"]]


def test_attributes_are_those_of_the_products_type():
    known = {name: {each.code for each in attributes} for name, attributes in CATALOGUE.types.items()}
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
        for each in CATALOGUE.types[item.row["product_type"]]
        if each.kind == "option" and (value := item.row["attributes"].get(each.code))
    }
    words = {option for option in options if option.islower() and " " not in option}
    assert words <= {*CATALOGUE.options_zh, "bronze"}


def test_replaced_and_announced_products_exist():
    skus = {item.sku for item in EVERYTHING}
    assert {*CATALOGUE.replaced, *CATALOGUE.replaced.values(), *CATALOGUE.announced} <= skus


def test_barcodes_are_valid_and_differ():
    codes = [item.row["barcode"] for item in EVERYTHING if not item.is_parent]
    assert len(set(codes)) == len(codes)
    assert all(
        sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(code)) % 10 == 0 for code in codes
    )
    assert ean(1) == "2004170000011"


def test_the_channel_has_three_levels_forty_companies_four_tiers_three_warehouses():
    assert (len(CHANNEL.firms), len(CHANNEL.tiers), len(CHANNEL.trade.warehouses)) == (40, 4, 3)
    above = {firm.code: firm.parent for firm in CHANNEL.firms}
    assert all(firm.parent in above or firm.code == "LH" for firm in CHANNEL.firms)

    def depth(code: str) -> int:
        return 1 + depth(above[code]) if above[code] else 0

    assert max(depth(code) for code in above) == 3
    provinces = {territory for firm in CHANNEL.firms for territory in firm.territories}
    assert len(provinces) >= 10
    assert {person.firm for person in CHANNEL.people.people} - {""} <= set(above)


def test_every_picture_is_a_square_webp_and_each_is_used():
    names = {item.picture for item in EVERYTHING}
    assert names == {path.stem for path in (SHIPPED / "pictures").iterdir()}
    for name in names:
        with Image.open(CHANNEL.file("pictures", f"{name}.webp")) as picture:
            assert (picture.size, picture.format) == ((640, 640), "WEBP")


def test_a_familys_data_sheet_says_what_it_is_about():
    for family in CHANNEL.families:
        text = PdfReader(CHANNEL.file("data-sheets", family.data_sheet)).pages[0].extract_text()
        assert family.name.partition("{")[0].strip(" ,") in text
        assert family.models[0].code in text


def test_the_files_of_the_demo_are_small():
    """A clone brings them all."""
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < 6_000_000
