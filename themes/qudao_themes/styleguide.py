"""What the style page shows: invented rows in both languages, shaped as the components want them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PRODUCTS = (
    (
        "LH-S216W",
        "Two-gang switch, 16 A, warm white",
        "二开双控开关 16A 暖白",
        "8.4250",
        12,
        "ok",
        "1860",
        "",
    ),
    ("LH-D09-3K", "Recessed downlight 9 W, 3000 K", "嵌入式筒灯 9W 3000K", "21.9000", 24, "low", "", "24–48"),
    ("LH-MCB-C32", "Miniature circuit breaker 2P C32", "小型断路器 2P C32", "36.5000", 6, "out", "", ""),
    (
        "LH-TRK-1M5",
        "Track rail 1.5 m, three-circuit, with end feed and mounting set",
        "三回路轨道条 1.5 米 含端部供电与安装套件",
        "118.0000",
        4,
        "ok",
        "",
        "",
    ),
    (
        "LH-PRO-DALI",
        "DALI-2 controller, certified installers only",
        "DALI-2 控制器 持证安装商专供",
        None,
        1,
        "hidden",
        "",
        "",
    ),
)


class SampleForm(forms.Form):
    """A form with each kind of field; bound to bad input, so that errors show."""

    company = forms.CharField()
    email = forms.EmailField()
    kind = forms.ChoiceField(choices=())
    limit = forms.DecimalField(required=False)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    delivery = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    terms = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {
            "company": _("Company"),
            "email": _("E-mail"),
            "kind": _("Company type"),
            "limit": _("Credit limit"),
            "note": _("Note"),
            "delivery": _("Delivery"),
            "terms": _("We accept the terms of sale"),
        }
        for name, label in texts.items():
            self.fields[name].label = label
        self.fields["company"].help_text = _("As shown on the business licence.")
        self.fields["kind"].choices = [("dealer", _("Dealer")), ("agent", _("Agent"))]
        self.fields["delivery"].choices = [("ship", _("To the warehouse")), ("fetch", _("Pickup"))]


def _pick(english: str, chinese: str) -> str:
    return chinese if (get_language() or "en").startswith("zh") else english


def _products() -> list[dict[str, Any]]:
    unit, pack_unit = _pick("pcs", "件"), _pick("ctn", "箱")
    shown = []
    for number, (sku, english, chinese, price, pack, state, exact, band) in enumerate(PRODUCTS):
        shown.append(
            {
                "url": "#catalogue",
                "name": _pick(english, chinese),
                "sku": sku,
                "image_url": None,
                "price": Decimal(price) if price else None,
                "currency": "CNY",
                "unit": unit,
                "pack": pack,
                "pack_unit": pack_unit,
                "field_id": f"sample-{number}",
                "pack_text": f"1 {pack_unit} = {pack} {unit}" if pack > 1 else "",
                "locked": _pick("DALI certificate needed", "需 DALI 认证") if state == "hidden" else "",
                "badge": {"state": "info", "label": _pick("New", "新品")} if number == 1 else None,
                "in_cart": 36 if number == 0 else 0,
                "stock": {
                    "state": state,
                    "quantity": exact,
                    "label": band,
                    "arrival_date": dt.date(2026, 12, 3) if state == "out" else None,
                    "arrival_quantity": 1200 if state == "out" else None,
                },
            }
        )
    return shown


def _order_events(now: dt.datetime) -> list[dict[str, Any]]:
    hours = dt.timedelta(hours=1)
    return [
        {
            "label": _pick("Submitted", "提交"),
            "who": _pick("Lin Mei, buyer", "林梅，采购"),
            "when": now - 50 * hours,
        },
        {
            "label": _pick("Sales approval", "供货方审批"),
            "who": _pick("Zhou Wei", "周伟"),
            "when": now - 47 * hours,
            "note": _pick(
                "Split the 32 A breakers into the December delivery.", "32A 断路器随 12 月批次发货。"
            ),
        },
        {
            "label": _pick("Finance approval", "财务审批"),
            "who": _pick("waits for Chen Yu", "等待陈宇处理"),
            "state": "current",
        },
        {"label": _pick("Release to warehouse", "出库"), "state": "todo"},
        {"label": _pick("Shipment", "发货"), "state": "todo"},
        {"label": _pick("Receipt by the dealer", "收货"), "state": "todo"},
    ]


def _steps() -> list[dict[str, Any]]:
    states = ("done", "done", "current", "skipped", "todo", "todo", "todo")
    english = ("Submit", "Approve", "Finance", "Release", "Ship", "Receive", "Complete")
    chinese = ("提交", "供货方审批", "财务审批", "出库", "发货", "收货", "完成")
    return [{"label": _pick(e, c), "state": s} for e, c, s in zip(english, chinese, states, strict=True)]


def _facets() -> list[dict[str, Any]]:
    def option(value: str, english: str, chinese: str, count: int, selected: bool = False) -> dict[str, Any]:
        return {"value": value, "label": _pick(english, chinese), "count": count, "selected": selected}

    return [
        {
            "key": "line",
            "label": _("Product line"),
            "options": [
                option("switches", "Switches and sockets", "开关插座", 86, True),
                option("lighting", "Lighting", "照明", 124),
                option("protection", "Circuit protection", "电路保护", 38),
                option("smart", "Smart home", "智能家居", 0),
            ],
        },
        {
            "key": "price",
            "label": _("Your price"),
            "kind": "range",
            "min": "2.10",
            "max": "1,480.00",
            "min_value": "5",
        },
        {
            "key": "stock",
            "label": _("Availability"),
            "kind": "choice",
            "options": [
                option("", "All", "全部", 248, True),
                option("now", "In stock now", "现货", 203),
                option("soon", "Arriving within 14 days", "14 天内到货", 17),
            ],
        },
    ]


def _shell(here: str) -> dict[str, Any]:
    """The header, navigation and cart bar as a dealer's buyer sees them."""
    entries = (
        ("home", "Home", "首页", "house", 5, True),
        ("catalogue", "Catalogue", "商品", "layout-grid", 0, True),
        ("quick", "Quick order", "快速下单", "zap", 0, False),
        ("cart", "Cart", "购物车", "shopping-cart", 12, True),
        ("orders", "Orders", "订单", "clipboard-list", 2, True),
        ("documents", "Documents", "资料", "file-text", 0, False),
        ("company", "Company", "公司", "building-2", 0, False),
    )
    return {
        "nav_items": [
            {
                "key": key,
                "label": _pick(e, c),
                "url": here if key == "home" else f"#{key}",
                "icon": icon,
                "badge": badge,
                "phone_tab": tab,
            }
            for key, e, c, icon, badge, tab in entries
        ],
        "viewer": {
            "user_id": 1,
            "user_name": _pick("Lin Mei", "林梅"),
            "company_id": 7,
            "company_name": _pick("Suzhou Brightway Electrical", "苏州明途电器"),
        },
        "companies": [
            {"id": 7, "name": _pick("Suzhou Brightway Electrical", "苏州明途电器"), "code": "D-3205-07"},
            {"id": 9, "name": _pick("Wuxi Brightway Branch", "无锡明途分公司"), "code": "D-3202-11"},
        ],
        "company_switch_url": "#",
        "user_menu_items": [],
        "search_url": "#",
        "suggest_url": "",
        "cart_bar": {
            "lines": 12,
            "total": Decimal("18426.50"),
            "currency": "CNY",
            "url": "#cart",
            "problems": 1,
        },
    }


def _marked() -> list[dict[str, Any]]:
    """A title with what was searched for."""
    words = [("Wall ", "墙壁", False), ("switch", "开关", True), (" 86 mm, white", " 86 型 白色", False)]
    return [{"text": _pick(e, c), "marked": marked} for e, c, marked in words]


def _board(now: dt.datetime) -> list[dict[str, Any]]:
    rows = (
        ("SO-2026-1147", "Suzhou Brightway", "苏州明途", "18426.50", 2, "waiting"),
        ("SO-2026-1139", "Ningbo Harbour Lighting", "宁波港灯饰", "6240.00", 27, "late"),
        ("SO-2026-1151", "Hefei Ankang Trade", "合肥安康商贸", "129880.75", 1, "locked"),
    )
    cards = [
        {
            "number": n,
            "company": _pick(e, c),
            "total": Decimal(t),
            "since": now - dt.timedelta(hours=h),
            "state": s,
        }
        for n, e, c, t, h, s in rows
    ]
    return [
        {"label": _pick("Sales approval", "供货方审批"), "cards": cards[:2]},
        {"label": _pick("Finance approval", "财务审批"), "cards": cards[2:]},
        {"label": _pick("Release to warehouse", "出库"), "cards": []},
    ]


def samples(request: HttpRequest) -> dict[str, Any]:
    """Context of the style page."""
    now = timezone.now()
    return {
        **_shell(request.path),
        **_prices(),
        **_obstacles(),
        **_charts(),
        **_table(),
        **_product_facts(),
        "products": _products(),
        "events": _order_events(now),
        "steps": _steps(),
        "facets": _facets(),
        "marked": _marked(),
        "board": _board(now),
        "bad_form": SampleForm(
            {"company": "", "email": "lin@", "kind": "dealer", "delivery": "ship", "limit": "50000"}
        ),
        "page": Paginator(range(2480), 24).get_page(request.GET.get("page", "4")),
        "now": now,
        "two_seconds_ago": now - dt.timedelta(seconds=2),
        "three_days_ago": now - dt.timedelta(days=3),
        "long_name": _pick(
            "Explosion-proof-luminaire-with-a-name-that-nobody-shortens-as-the-standard-demands 2 × 36 W",
            "防爆型双管荧光灯具配套应急电源模块与不锈钢安装支架及全套密封附件（户外加强型）2×36W",
        ),
    }


def _prices() -> dict[str, Any]:
    """Price breaks and amounts that are hard to set."""
    return {
        "breaks": [
            {"minimum": 12, "unit_price": Decimal("8.4250"), "saving": None},
            {"minimum": 120, "unit_price": Decimal("7.9800"), "saving": Decimal("0.0528"), "applies": True},
            {"minimum": 600, "unit_price": Decimal("7.5100"), "saving": Decimal("0.1086")},
        ],
        "big_price": Decimal("123456789012.34"),
        "negative": Decimal("-320"),
        "vat": Decimal("0.13"),
    }


def _obstacles() -> dict[str, Any]:
    """What is missing, and what is wrong with a line."""
    return {
        "missing": [
            {"label": _pick("Two people hold “Switch basics”", "2 人持有「开关基础」证书"), "done": True},
            {
                "label": _pick("One person holds “DALI commissioning”", "1 人持有「DALI 调试」证书"),
                "done": False,
                "href": "#",
            },
        ],
        "problems": [
            {
                "message": _pick(
                    "Line 3, LH-MCB-C32: 36 ordered, none in stock.",
                    "第 3 行 LH-MCB-C32：订购 36 件，暂无库存。",
                ),
                "href": "#cart-line-3",
                "remedy": _pick(
                    "1,200 arrive on 2026-12-03: keep as back order",
                    "1,200 件预计 2026-12-03 到货：保留为缺货订单",
                ),
                "remedy_url": "#",
            },
        ],
    }


def _charts() -> dict[str, Any]:
    """A year against the last one."""
    return {
        "chart_labels": [_pick(f"{month:02}", f"{month}月") for month in range(6, 12)],
        "chart_series": [
            (_pick("This year", "今年"), [128400, 152300, 96100, 171800, 160200, 143900]),
            (_pick("Last year", "去年"), [103200, 110400, 99800, 120700, 131000, 119500]),
        ],
    }


def _table() -> dict[str, Any]:
    """An order list as columns and rows."""
    return {
        "table_columns": [
            {"key": "number", "label": _("Order"), "sort": "descending", "href": "#"},
            {"key": "date", "label": _("Date")},
            {"key": "state", "label": _("Status")},
            {"key": "total", "label": f"{_('Total')} (CNY)", "align": "end"},
        ],
        "table_rows": [
            {
                "number": {
                    "value": "SO-2026-1147",
                    "href": "#",
                    "sub": _pick("Project Lakeside, phase 2", "湖畔项目二期"),
                },
                "date": "2026-11-20",
                "state": {"badge": "waiting", "value": _pick("Finance approval", "财务审批")},
                "total": "18,426.50",
            },
            {
                "number": {"value": "SO-2026-1098", "href": "#"},
                "date": "2026-11-12",
                "state": {"badge": "moving", "value": _pick("2 of 3 parcels", "3 件中 2 件已发")},
                "total": "6,240.00",
            },
            {
                "number": {"value": "SO-2026-0984", "href": "#"},
                "date": "2026-10-30",
                "state": {"badge": "done", "value": ""},
                "total": "\u2212320.00",
            },
        ],
    }


def _product_facts() -> dict[str, Any]:
    """What stands beside a product."""
    return {
        "facts": [
            {"label": _pick("Rated current", "额定电流"), "value": "16 A"},
            {"label": _pick("Colour", "颜色"), "value": _pick("Warm white", "暖白")},
            {"label": _pick("Standard", "标准"), "value": "GB/T 16915.1"},
            {"label": _pick("Data sheet", "规格书"), "value": "LH-S216W.pdf", "href": "#"},
        ],
        "product_tabs": [
            {"label": _pick("Facts", "参数"), "href": "#product", "current": True},
            {"label": _pick("Documents", "资料"), "href": "#", "count": 4},
            {"label": _pick("Goes with it", "搭配"), "href": "#"},
        ],
    }
