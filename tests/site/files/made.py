"""Small files in the shapes that dealers, makers and other programs send, made here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl


def book(sheets: dict[str, Sequence[Sequence[Any]]], merged: Sequence[str] = (), **formats: str) -> bytes:
    """A workbook; ``merged`` ranges and number ``formats`` by cell belong to its last sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for each in merged:
        sheet.merge_cells(each)
    for place, code in formats.items():
        sheet[place].number_format = code
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


BUILDER = book(
    {
        "Preisliste": [
            ["Nordbau · Preisliste 2027"],
            ["gültig ab 01.01.2027, netto, EUR"],
            [],
            [None, "Bezeichnung", "Einheit", "Preis"],
            ["0100", "Außenwand"],
            ["0100.10", "Rahmen 12 cm", "lfm", "48,50"],
            ["0100.20", "Dämmung 16 cm", "m²", "1.206,90"],
            ["0200", "Dach"],
            ["0200.10", "Latte 30/50", "lfm", "2,15"],
            ["0200.20", "Folie", "Rolle", "auf Anfrage"],
        ]
    }
)
GRADES = book(
    {
        "报价": [
            ["明光数码 · 今日报价"],
            ["2026年11月29日"],
            *[[]] * 6,
            ["型号", "内存", "充新", "靓机", "小花"],
            ["QM20", "8+256", 1980, 1850, 1700],
            ["QM20", "12+512", 2260, 2120, None],
            ["QM20 Pro", "12+256", 2650, 2480, "面议"],
        ]
    }
)
GROUPS = book(
    {
        "价格表": [
            ["类别", "名称", "规格", "单位", "单价", "备注"],
            ["办公文具", "签字笔", "0.5mm 黑", "支", "1.20元", None],
            [None, "签字笔", "0.5mm 红", "支", "1.20元", None],
            [None, "订书机", "中号", "个", "9.8元", "新"],
            ["纸品", "复印纸", "A4 70g", "包", "21.5元", None],
            [None, "复印纸", "A4 80g", "包", "25元", None],
        ]
    },
    merged=("A2:A4", "A5:A6"),
)
MAKERS = book(
    {
        "封面": [["年度报价"]],
        "恒芯": [
            ["名称", "型号", "进价", "系数", "含税单价"],
            ["芯片1", "恒X-101", 7.1364, 1.13, 8.064132],
            ["芯片2", "恒X-102", 14.2728, 1.13, 16.128264],
        ],
        "锐微": [
            ["名称", "型号", "进价", "系数", "含税单价"],
            ["芯片1", "锐X-101", 3.40291, 1.13, 3.8452883],
            ["芯片2", "锐X-102", 6.80582, 1.13, 7.6905766],
        ],
    }
)
THOUSANDS = book(
    {
        "Sheet": [
            ["料号", "品名", "单价(元/千只)", "1K", "5K", "10K"],
            [],
            ["R0603-10K", "贴片电阻 10K", 6.266, 6.266, 5.9, 5.4],
            ["C0805-100N", "贴片电容 100nF", 22.4, 22.4, 20.1, 18],
        ]
    }
)
MERGED = book(
    {"Sheet": [["price list", "sku", "price"], ["promotion", "LH-1", 9], [None, "LH-2", 9]]},
    merged=("A2:A3",),
)
SHOPIFY = b"""Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
Variant Inventory Qty,Variant Price,Image Src
desk-lamp,Desk lamp,"<p>Warm <b>light</b></p>",Nordlicht,Lamps,Colour,Black,NL-DL-B,900,12,39.90,
desk-lamp,,,,,,White,NL-DL-W,900,7,39.90,
desk-lamp,,,,,,,,,,,https://example.com/2.jpg
floor-lamp,Floor lamp,<p>Tall</p>,Nordlicht,Lamps,Title,Default Title,NL-FL,4200,3,129.00,
"""
ODOO = b"""Internal Reference,Name,Sales Price,Product Category,Unit of Measure,Quantity On Hand
FURN_001,Desk,450.00,All / Office,Units,12
,Service hour,80.00,All,Hours,0
FURN_002,Chair,"1,120.50",All / Office,Units,3
"""
UCI = b"""InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom
536365,71053,LANTERN,6,12/13/2010 8:26,3.39,17850,United Kingdom
C536379,D,Discount,-1,12/1/2010 9:41,27.5,14527,United Kingdom
536414,22139,,56,12/1/2010 11:52,0,,United Kingdom
A563185,B,Adjust bad debt,1,8/12/2011 14:50,11062.06,,United Kingdom
"""
