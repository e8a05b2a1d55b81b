"""Follows every link of a host's pages."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client

#: Not pages of ours, and answered by somebody else: static files, Wagtail's back office.
LEFT_OUT = ("/static/", "/media/", "/admin/", "/django-admin/", "/styleguide/")


def every_page(client: Client, start: str) -> set[str]:
    """Open `start` and whatever can be reached from there; raises AssertionError at a link that leads nowhere."""
    waiting, seen = [start], {start}
    while waiting:
        address = waiting.pop()
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for link in re.findall(r'\s(?:href|src)="([^"]+)"', answer.content.decode()):
            parts = urlsplit(urljoin(answer.request["PATH_INFO"], unescape(link)))
            if parts.scheme or parts.netloc or parts.path.startswith(LEFT_OUT) or parts.path in seen:
                continue
            seen.add(parts.path)
            waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return seen
