"""Chromium on the style page of a live server."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

Opened = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, live_server: LiveServer) -> Iterator[Opened]:
    """``opened(path, width=…, scheme=…, language=…)``: the page; it must not complain in the console."""
    contexts, complaints = [], []

    def at(
        path: str, *, width: int = 1280, scheme: str = "light", language: str = "en", **options: object
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            locale=language,
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.add_cookies([{"name": "qudao_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield at
    for context in contexts:
        context.close()
    assert complaints == []
