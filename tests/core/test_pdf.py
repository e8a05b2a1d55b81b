"""What is printed can be read: also where the usual Chinese font has an empty picture of a character."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from qudao_core import pdf

pytestmark = pytest.mark.skipif(not pdf.available(), reason="WeasyPrint or Pango is not installed")


def test_characters_without_a_picture_are_spelled() -> None:
    made = pdf.render("<html lang='zh-Hans'><p>工作温度 -20℃ 至 40℃，½ 圈</p></html>")
    text = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert "-20°C" in text
    assert "1/2" in text


def test_the_title_of_a_table_stays_with_its_rows() -> None:
    """At the foot of a page a title stood alone, wherever its table began on the next."""
    table = (
        "<table><caption>Title</caption><thead><tr><th>Head</th></tr></thead><tr><td>Row</td></tr></table>"
    )
    style = '<link rel="stylesheet" href="/static/qudao_themes/pdf.css">'
    for gap in range(208, 250, 2):
        made = pdf.render(f'<html>{style}<body><div style="height: {gap}mm"></div>{table}')
        texts = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
        assert [("Title" in text) == ("Row" in text) for text in texts].count(False) == 0, gap
