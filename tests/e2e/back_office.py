"""Walks the back office as far as its links lead: every kind of page once."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.e2e.visitor import Visitor

ADMIN = "/admin/"
#: Links that do something when they are followed, or leave with a file.
NOT_PAGES = re.compile(
    r"logout|export|/download|/pdf/|/userbar/|styleguide|/template/|/preview/|/bulk/|\.(csv|xlsx|pdf)$"
)
LINKS = "links => links.map(link => link.getAttribute('href'))"


def kind_of(path: str) -> str:
    """Addresses of one kind of page differ in numbers and codes only."""
    return re.sub(r"/(\d+|[0-9a-f-]{32,}|QD-?\d[\w-]*)(?=/)", "/#", path)


def walk(visitor: Visitor, start: str = ADMIN, most: int = 400) -> Iterator[str]:
    """Opens page after page, one of each kind; yields the address of the one that is open."""
    waiting, seen = [start], {kind_of(start)}
    for _number in range(most):
        if not waiting:
            return
        path = waiting.pop(0)
        response = visitor.open(path)
        visitor.page.wait_for_load_state("networkidle")
        if response.status != 200:
            visitor.complaints.append(f"{response.status}")
        yield path
        for link in visitor.page.eval_on_selector_all("a[href]", LINKS):
            parts = urlsplit(link)
            own = not parts.netloc and parts.path.startswith(ADMIN) and not NOT_PAGES.search(link)
            if own and (kind := kind_of(parts.path)) not in seen:
                seen.add(kind)
                waiting.append(parts.path)
