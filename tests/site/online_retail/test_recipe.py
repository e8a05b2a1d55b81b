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


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("online_retail", tmp_path / "none.csv")
