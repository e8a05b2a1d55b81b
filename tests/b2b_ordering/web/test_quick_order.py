from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from qudao_b2b_ordering.cart.models import CartLine
from qudao_b2b_ordering.quick_order.models import QuickLine

from ..channel import Channel
from .conftest import words

Browse = Callable[..., Client]
PAGE, ADD, LINES = "/quick-order/", "/quick-order/add/", "/quick-order/lines/"


def paste(client: Client, text: str, **more: Any) -> Any:
    return client.post(ADD, {"text": text, **more}, follow=True)


def test_what_is_pasted_becomes_a_table_that_stays(channel: Channel, browse: Browse) -> None:
    channel.product("LED-7")
    paste(browse("bai"), "您好\nLED-7 x 10\nNOPE-1 5\nLED-7")
    page = words(browse("bai").get(PAGE))
    assert "1 line is ready. 2 lines need your attention." in page
    assert "NOPE-1 is not in your catalogue." in page
    assert "您好" in page and "Enter a quantity." in page
    assert "NOPE-1" not in words(browse("bo").get(PAGE))


def test_it_speaks_chinese(channel: Channel, browse: Browse) -> None:
    channel.product("LED-7")
    page = words(paste(browse("bai", "zh-hans"), "LED-7 x 10"))
    assert "快速下单" in page and "已识别 1 行" in page


def test_ready_lines_go_into_the_cart_with_the_answers_of_the_form(channel: Channel, browse: Browse) -> None:
    channel.product("LED-7")
    channel.product("LED-9")
    client = browse("bai")
    paste(client, "LED-7 x 10\nLED-8 5\nX-99 1")
    lines = {line.code: line.pk for line in QuickLine.objects.all()}
    form = {f"code-{pk}": code for code, pk in lines.items()}
    form |= {f"quantity-{pk}": "5" for pk in lines.values()}
    form |= {f"code-{lines['LED-8']}": "LED-9", "do": "order"}
    page = words(client.post(LINES, form, follow=True))
    assert "2 lines are in your cart." in page
    assert {line.product.profile.sku: line.quantity for line in CartLine.objects.all()} == {
        "LED-7": 5,
        "LED-9": 5,
    }
    assert [line.code for line in QuickLine.objects.all()] == ["X-99"]


def test_a_form_sent_twice_adds_once(channel: Channel, browse: Browse) -> None:
    client = browse("bai")
    for _time in range(2):
        paste(client, "LED-7 x 10", request_key="0123456789abcdef")
    assert QuickLine.objects.count() == 1


def test_a_candidate_is_chosen_in_place(channel: Channel, browse: Browse) -> None:
    channel.product("ONE-7", barcode="6900000000017")
    channel.product("TWO-8", barcode="6900000000017")
    client = browse("bai")
    page = paste(client, "6900000000017 3个").content.decode()
    line = QuickLine.objects.get()
    assert f'value="choose-{line.pk}-TWO-8"' in page
    form = {f"code-{line.pk}": line.code, f"quantity-{line.pk}": "3", "do": f"choose-{line.pk}-TWO-8"}
    assert "1 line is ready." in words(client.post(LINES, form, follow=True))


def test_a_typed_line_is_added_and_typing_goes_on(channel: Channel, browse: Browse) -> None:
    channel.product("LED-7")
    answer = browse("bai").post(ADD, {"code": "LED-7", "quantity": "2箱"})
    assert answer["Location"].endswith("?focus=code")
    assert [(line.code, line.quantity) for line in QuickLine.objects.all()] == [("LED-7", "2箱")]


def test_a_workbook_and_a_csv_file_are_read(channel: Channel, browse: Browse) -> None:
    channel.product("LED-7")
    channel.product("00812")
    book = Workbook()
    for row in (["货号", "名称", "数量"], ["LED-7", "灯泡 7W", 24], ["00812", "支架", 6]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    client = browse("bai")
    for name, content in (
        ("a.xlsx", stream.getvalue()),
        ("a.csv", "货号,数量\nLED-7,24\n00812,6\n".encode("gb18030")),
    ):
        QuickLine.objects.all().delete()
        answer = client.post(ADD, {"file": SimpleUploadedFile(name, content)}, follow=True)
        assert "2 lines are ready." in words(answer), name
        assert [line.quantity for line in QuickLine.objects.filter(is_line=True)] == ["24", "6"]


def test_what_is_no_sheet_is_refused_in_words(channel: Channel, browse: Browse) -> None:
    client = browse("bai")
    answer = client.post(ADD, {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7 nothing")}, follow=True)
    assert "This file is not a table." in words(answer)
    assert "There is nothing to read." in words(paste(client, "  "))
    assert not QuickLine.objects.exists()


def test_the_lines_can_be_downloaded_with_their_reasons(channel: Channel, browse: Browse) -> None:
    channel.product("LED-7")
    client = browse("bai")
    paste(client, "LED-7 x 10\n=cmd()-1 5\n")
    book = load_workbook(io.BytesIO(client.get("/quick-order/file/").content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[1][2:6] == ["LED-7", "Product LED-7", 10, "Ready"]
    assert rows[2][1].startswith("=cmd") and book.active["B3"].data_type == "s"
    text = client.get("/quick-order/file/?format=csv").content.decode("utf-8-sig")
    assert "'=cmd()-1 5" in text


def test_lines_are_taken_out_one_or_all(channel: Channel, browse: Browse) -> None:
    client = browse("bai")
    paste(client, "A-1 1\nB-2 2\nC-3 3")
    first = QuickLine.objects.earliest("pk").pk
    client.post(LINES, {"do": f"remove-{first}"})
    assert [line.code for line in QuickLine.objects.all()] == ["B-2", "C-3"]
    client.post(LINES, {"do": "remove-x"})
    client.post(LINES, {"do": "clear"})
    assert not QuickLine.objects.exists()


def test_it_is_for_buyers(channel: Channel, browse: Browse) -> None:
    for name in ("cao", "ann"):
        assert browse(name).get(PAGE).status_code == 403
        assert browse(name).post(ADD, {"text": "A-1 1"}).status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_own_numbers_are_set_from_a_file_or_pasted(channel: Channel, browse: Browse) -> None:
    for sku in ("LED-7", "LED-9"):
        channel.product(sku)
    client = browse("bai")
    content = "货号,自有货号\nLED-7,M-1\nNOPE,M-2\nLED-9,M-1\n".encode("gb18030")
    answer = client.post("/own-numbers/", {"file": SimpleUploadedFile("a.csv", content)})
    page = words(answer)
    assert answer.status_code == 422
    assert "1 item number was changed." in page
    assert "Line 3: NOPE is not in your catalogue." in page and "Line 4:" in page
    assert "M-1 LED-7 Product LED-7" in page
    client.post("/own-numbers/", {"text": "LED-9; M-9\nLED-7;"})
    page = words(client.get("/own-numbers/"))
    assert "M-9 LED-9" in page and "M-1" not in page
    assert "There is nothing to read." in words(client.post("/own-numbers/", {"text": ""}))
    assert browse("cao").get("/own-numbers/").status_code == 403
    assert "M-9" not in words(browse("stu").get("/own-numbers/"))
