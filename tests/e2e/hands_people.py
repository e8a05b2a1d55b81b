"""Whose hands use which pages: person → page → address; a name in braces is one of the channel's own addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ACCESS = Path(__file__).parent.parent / "site" / "page_access.txt"

#: Walked in every run: each page with somebody who may do all that can be done there.
PAGES: dict[str, dict[str, str]] = {
    "guest": {
        "sign-in": "/accounts/login/",
        "password-reset": "/accounts/password/reset/",
        "new-password": "{new-password}",
        "invitation": "{invitation}",
    },
    "visitor": {
        "home": "/",
        "catalogue": "/catalogue/",
        "grid": "/catalogue/?view=grid",
        "product": "/products/N-001/",
        "search": "/search/?q=N-0",
        "handbook": "{handbook}",
        "topic": "{topic}",
    },
    "bai": {
        "home": "/",
        "catalogue": "/catalogue/",
        "grid": "/catalogue/?view=grid",
        "product": "/products/N-001/",
        "search": "/search/?q=N-0",
        "cart": "/cart/",
        "checkout": "/checkout/",
        "orders": "/orders/",
        "submitted": "{submitted}",
        "returned": "{returned}",
        "shipped": "{shipped}",
        "receipt": "{receipt}",
        "addresses": "/company/addresses/",
        "address": "{address}",
        "tokens": "/company/tokens/",
        "profile": "/profile/",
        "handbook": "{handbook}",
        "chapter": "{chapter}",
        "topic": "{topic}",
        "order-export": "{order-export}",
        "handbook-export": "{handbook-export}",
        "quick-order": "/quick-order/",
        "own-numbers": "/own-numbers/",
        "exams": "/exams/",
        "exam": "/exams/exam/",
    },
    "ann": {"home": "/", "orders": "/orders/", "approval": "{approval}", "company": "/company/"},
    "dora": {
        "company": "/company/",
        "people": "/company/people/",
        "person": "{person}",
        "address-add": "/company/addresses/add/",
        "invoice-titles": "/company/invoice-titles/",
        "invoice-title": "{invoice-title}",
        "invoice-title-add": "/company/invoice-titles/add/",
        "history": "/company/history/",
    },
    "bo": {"changing": "/cart/", "changing-checkout": "/checkout/"},
    "cao": {"topic": "{topic}"},
    "nina": {"home": "/", "profile": "/profile/"},
    "pat": {"branch": "/company/branch/", "branch-company": "/company/branch/D-1/"},
    "sam": {
        "home": "/",
        "board": "/sales/",
        "sales-orders": "/sales/orders/",
        "submitted": "{submitted}",
    },
    "fia": {"finance": "{finance}", "invoice-titles": "/company/invoice-titles/"},
    "wan": {"board": "/sales/", "release": "{release}", "released": "{released}", "ship": "{ship}"},
}
#: Pages whose rows have controls of their own.
OF_ROWS = {"cart", "checkout", "orders", "receipt", "ship", "board", "addresses", "tokens", "people"}
#: The frame around every page is used on these.
WITH_FRAME = {"home", "sign-in"}
WIDTHS = (390, 1280)

#: Route of `tests/site/page_access.txt` → a page of it in the channel. With ``QUDAO_TEST_ALL_HANDS=1`` everybody walks
#: every page that opens for them.
ROUTES = {
    "/": "/",
    "/cart/": "/cart/",
    "/catalogue/": "/catalogue/",
    "/checkout/": "/checkout/",
    "/company/": "/company/",
    "/company/addresses/": "/company/addresses/",
    "/company/addresses/<int:pk>/": "{address}",
    "/company/addresses/add/": "/company/addresses/add/",
    "/company/branch/": "/company/branch/",
    "/company/branch/<path:code>/": "/company/branch/D-1/",
    "/company/history/": "/company/history/",
    "/company/invoice-titles/": "/company/invoice-titles/",
    "/company/invoice-titles/<int:pk>/": "{invoice-title}",
    "/company/invoice-titles/add/": "/company/invoice-titles/add/",
    "/company/people/": "/company/people/",
    "/company/people/<int:pk>/": "{person}",
    "/company/tokens/": "/company/tokens/",
    "/exams/": "/exams/",
    "/exams/<slug:code>/": "/exams/exam/",
    "/handbook-exports/<int:pk>/": "{handbook-export}",
    "/order-exports/<int:pk>/": "{order-export}",
    "/orders/": "/orders/",
    "/orders/<str:number>/": "{submitted}",
    "/own-numbers/": "/own-numbers/",
    "/products/<path:sku>/": "/products/N-001/",
    "/profile/": "/profile/",
    "/quick-order/": "/quick-order/",
    "/sales/": "/sales/",
    "/sales/orders/": "/sales/orders/",
    "/search/": "/search/?q=N-0",
}
#: Reviewed: what answers 200 and is not walked.
#: (The samples of the style guide, for developers, keep nothing; tests/themes/test_browser.py looks at them.)
NOT_WALKED = {
    "/attempts/<uuid:key>/": "tests/learning/exams/test_room_in_a_browser.py uses each control; the clock runs",
    "/quick-order/file/": "a sheet without controls",
    "/handbooks/": "leads on to the only handbook; with several it is a list of links",
    "/search/suggestions/": "a part of the search field, which is used on every page",
    "/orders/<str:number>/confirmation.pdf": "a document without controls",
    "/handbook-pdf/<int:page_id>/<slug:scope>/": "a document without controls",
}


def opening() -> Iterator[tuple[str, str]]:
    """(person, route) of every page that opens for somebody, from the reviewed matrix."""
    lines = ACCESS.read_text(encoding="utf-8").splitlines()
    people = lines[0].split()
    for line in lines[1:]:
        route, *statuses = line.split()
        for person, status in zip(people, statuses, strict=True):
            if status == "200":
                yield person, route


def everything() -> dict[tuple[str, str], str]:
    """(person, label) → address: what is walked in every run, then everybody's other pages."""
    found = {(name, label): path for name, pages in PAGES.items() for label, path in pages.items()}
    for name, route in opening():
        path = ROUTES.get(route)
        if path and path not in PAGES.get(name, {}).values():
            found[name, route.strip("/").replace("/", "-") or "start"] = path
    return found
