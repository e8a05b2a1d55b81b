"""The recipe on a small file made here, with everything that is odd in the real one."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_site.online_retail import convert

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
ROWS = """\
1001,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
1001,71053,CUP,8,2010-12-01 08:26:00,3.39,17850,United Kingdom
1001,71053,CUP,8,2010-12-01 08:26:00,3.39,17850,United Kingdom
1001,POST,POSTAGE,1,2010-12-01 08:26:00,15.00,17850,United Kingdom
1002,85123a,LANTERN,1,2010-12-01 09:00:00,2.10,12583,France
1002,71053,CUP,2,2010-12-01 09:01:00,3.75,12583,France
C1003,71053,CUP,-1,2010-12-02 10:00:00,3.39,17850,United Kingdom
1004,71053,CUP,3,2010-12-02 11:00:00,3.39,,United Kingdom
1005,71053,damaged,-4,2010-12-02 12:00:00,0,,United Kingdom
1006,71053,CUP,1,2010-12-02 12:30:00,0,,United Kingdom
1007,BANK CHARGES,Bank Charges,1,2011-01-02 12:30:00,25.00,,United Kingdom
1007,M,Manual,1,2011-01-02 12:30:00,3.00,14001,EIRE
1008,gift_0001_40,Voucher,1,2011-01-02 12:30:00,34.04,14001,EIRE
1009,22423,STAND,2,2011-01-03 09:30:00,12.75,14001,EIRE
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "online_retail.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def table(folder, name):
    return list(csv.reader(io.StringIO((folder / f"{name}.csv").read_text(encoding="utf-8"))))[1:]


def test_every_row_ends_in_exactly_one_file(source, tmp_path):
    done = convert.convert(source, tmp_path / "out")
    others = table(tmp_path / "out", "not-order-lines")
    assert (done.source.rows, done.orders.rows, done.others.rows) == (14, 7, 7)
    assert [(row[0], row[-1]) for row in others] == [
        ("5", "postage"),
        ("8", "cancellation"),
        ("10", "stock adjustment"),
        ("11", "no price"),
        ("12", "bank charges"),
        ("13", "manual entry"),
        ("14", "gift voucher"),
    ]
    assert len(table(tmp_path / "out", "orders")) == 7
    assert done.orders.total + done.others.total == done.source.total
    assert dict(done.orders.month) == {"2010-12": Decimal("89.31"), "2011-01": Decimal("25.50")}


def test_what_is_remarkable_is_noted(source, tmp_path):
    convert.convert(source, tmp_path / "out")
    assert [(row[0], row[-1].split(":")[0]) for row in table(tmp_path / "out", "notes")] == [
        ("4", "same row twice on the invoice"),
        ("6", "code in small letters"),
        ("7", "invoice has two times"),
        ("9", "no customer"),
    ]
    assert [row[0] for row in table(tmp_path / "out", "products")] == ["22423", "71053", "85123A"]
    assert [row[0] for row in table(tmp_path / "out", "companies")] == ["12583", "14001", "17850", "COUNTER"]


@pytest.mark.django_db
def test_imported_compared_and_ordered_again(source, tmp_path, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    out = io.StringIO()
    call_command("online_retail", source, folder=tmp_path / "out", reorder=3, stdout=out)
    said = out.getvalue()
    assert "all totals agree to the penny" in said
    assert "3 carts with 5 lines ordered again through the API" in said
    assert OrderLine.objects.filter(order__source="import").count() == 7
    assert set(Order.objects.filter(source="import").values_list("external_key", "company__code", "net")) == {
        ("1001", "17850", Decimal("69.54")),
        ("1002", "12583", Decimal("9.60")),
        ("1004", "COUNTER", Decimal("10.17")),
        ("1009", "14001", Decimal("25.50")),
    }
    assert Order.objects.filter(source="api").count() == 3
    call_command("online_retail", source, folder=tmp_path / "out", reorder=0, stdout=io.StringIO())
    assert OrderLine.objects.filter(order__source="import").count() == 7


@pytest.mark.django_db
def test_a_difference_is_an_error(source, tmp_path):
    call_command("online_retail", source, folder=tmp_path / "out", reorder=0, stdout=io.StringIO())
    OrderLine.objects.filter(order__external_key="1009").update(net=Decimal("25.51"))
    with pytest.raises(CommandError, match="totals differ"):
        call_command(
            "online_retail",
            source,
            folder=tmp_path / "out",
            reorder=0,
            stdout=io.StringIO(),
            stderr=io.StringIO(),
        )


YEAR = """\
536365,85123A,WHITE HANGING HEART,6,12/1/2010 8:26,2.55,17850.0,United Kingdom
536366,22423,,2,12/1/2010 8:28,12.75,12350,Unspecified
536366,22423,?,1,12/1/2010 8:28,12.75,12350,Unspecified
536367,22423,CAKESTAND,1,12/1/2010 8:34,12.75,12400,European Community
536368,85099B,JUMBO BAG \xa31,3,12/1/2010 9:34,2.08,12401,Channel Islands
536369,PADS,PADS TO MATCH,1,12/1/2010 9:34,0.001,12402,RSA
536370,85099B,JUMBO BAG,3,12/1/2010 9:34,2.08,12403,EIRE
536371,85099B,JUMBO BAG,3,12/1/2010 9:34,2.08,12404,Ruritania
A563185,B,Adjust bad debt,1,8/12/2011 14:50,11062.06,,United Kingdom
A563186,B,Adjust bad debt,1,8/12/2011 14:51,-11062.06,,United Kingdom
B563187,99999,Adjust bad debt,1,8/12/2011 14:52,-11062.06,,United Kingdom
536372,m,Manual,1,12/1/2010 9:34,5,12403,EIRE
536373,POST,POSTAGE,1,12/1/2010 9:34,18,12403,EIRE
536374,BANK CHARGES,Bank Charges,1,12/1/2010 9:34,15,,United Kingdom
536375,22222,Dotcomgiftshop Gift Voucher \xa340.00,1,12/1/2010 9:34,34,,United Kingdom
C536376,D,Discount,-1,12/1/2010 9:41,27.50,14527,United Kingdom
c536377,85099B,JUMBO BAG,-1,12/1/2010 9:41,2.08,14527,United Kingdom
536378,85099B,damaged,5,12/1/2010 9:41,0,,United Kingdom
536379,85099B,,-5,12/1/2010 9:41,0,,United Kingdom
"""


@pytest.fixture
def year(tmp_path):
    path = tmp_path / "year.csv"
    path.write_bytes((HEADER + YEAR).encode("cp1252"))
    return path


def test_every_kind_of_row_of_the_whole_year(year, tmp_path):
    done = convert.convert(year, tmp_path / "out")
    assert dict(done.reasons) == {
        "bad debt": 3,
        "manual entry": 1,
        "postage": 1,
        "bank charges": 1,
        "gift voucher": 1,
        "cancellation": 2,
        "no price": 1,
        "stock adjustment": 1,
    }
    assert table(tmp_path / "out", "products") == [
        ["22423", "CAKESTAND"],
        ["85099B", "JUMBO BAG"],
        ["85123A", "WHITE HANGING HEART"],
        ["PADS", "PADS TO MATCH"],
    ]
    countries = {row[0]: row[5] for row in table(tmp_path / "out", "addresses")}
    assert (countries["12401"], countries["12402"], countries["12403"]) == ("JE", "ZA", "IE")
    assert not {"12350", "12400", "12404"} & countries.keys()
    assert done.notes["customer without a country: no address"] == 3
    assert table(tmp_path / "out", "orders")[0][2] == "2010-12-01T08:26:00".replace("T", " ")
    assert done.orders.total + done.others.total == done.source.total


@pytest.mark.django_db
def test_an_invoice_of_two_customers_is_one_order(source, tmp_path):
    text = source.read_text(encoding="utf-8")
    source.write_text(
        text + "1009,71053,CUP,2,2011-02-01 00:30:00,1.25,17850,United Kingdom\n", encoding="utf-8"
    )
    out = io.StringIO()
    call_command("online_retail", source, folder=tmp_path / "out", reorder=0, stdout=out)
    assert "1 invoice has two customers" in out.getvalue() and "agree to the penny" in out.getvalue()


@pytest.mark.django_db
def test_the_whole_year_is_imported_to_the_penny(year, tmp_path):
    out = io.StringIO()
    call_command("online_retail", year, folder=tmp_path / "out", reorder=0, stdout=out)
    assert "all totals agree to the penny" in out.getvalue()
    assert OrderLine.objects.count() == 8


def test_an_invoice_is_never_parted_between_files(source, tmp_path, monkeypatch):
    monkeypatch.setattr(convert, "LINES_PER_FILE", 2)
    convert.convert(source, tmp_path / "out")
    parts = [{row[0] for row in table(tmp_path / "out", name)} for name in ("orders", "orders-2", "orders-3")]
    assert parts == [{"1001"}, {"1002"}, {"1004", "1009"}]
    monkeypatch.setattr(convert, "LINES_PER_FILE", 100)
    convert.convert(source, tmp_path / "out")
    assert not (tmp_path / "out" / "orders-2.csv").exists()


@pytest.mark.django_db
def test_nothing_is_left_when_a_later_file_is_refused(source, tmp_path, monkeypatch):
    from qudao_partner_portal.companies.models import Company  # noqa: PLC0415

    text = source.read_text(encoding="utf-8")
    source.write_text(text + "9999999,71053,CUP,99999999999999,2011-01-03 09:30:00,12.75,14001,EIRE\n")
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("online_retail", source, folder=tmp_path / "out", reorder=0, stdout=io.StringIO())
    assert not Company.objects.exists() and not Order.objects.exists()


def test_nothing_is_written_into_the_current_directory(source, tmp_path, monkeypatch, settings):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    out = io.StringIO()
    call_command("online_retail", source, folder=tmp_path / "out", convert_only=True, stdout=out)
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\n1,2\n", "these columns are missing"), (HEADER + "1,2,3,x,2010-01-01,1,,\n", "line 2")],
)
def test_another_file_is_refused(tmp_path, text, said):
    path = tmp_path / "other.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("online_retail", path, folder=tmp_path / "out", convert_only=True, stdout=io.StringIO())


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("online_retail", tmp_path / "none.csv")
