from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tests.b2b_ordering.channel import Channel


class _Text(HTMLParser):
    """Visible words of a page, without tags, scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def words(answer: Any) -> str:
    """The words of a page with single spaces between them."""
    reader = _Text()
    reader.feed(answer.content.decode())
    return " ".join(" ".join(reader.words).split())


@pytest.fixture
def browse(channel: Channel) -> Callable[..., Client]:
    """A signed-in browser of a person of the channel, in English unless said."""

    def signed_in(name: str, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(channel.users[name])
        return client

    return signed_in
