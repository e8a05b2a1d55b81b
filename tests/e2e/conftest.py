"""A filled demo channel, made once and served for all tests of pages; people's browsers for tests of controls."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests.e2e import hands_world as world
from tests.e2e.demo import Demo, demo
from tests.e2e.hands import Hand
from tests.e2e.hands_controls import Control
from tests.e2e.hands_people import WIDTHS

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several processes (``--dist loadgroup``) the tests of the demo stay in one: it takes minutes to start."""
    for item in items:
        if HERE in item.path.parents and "channel" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demo"))


#: Kinds of links pressed at each width, by whomever; and what they answer each person.
_clicked: dict[int, set[str]] = {width: set() for width in WIDTHS}
_answers: dict[str, dict[str, int]] = {}


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Iterator[Callable[[str, int], BrowserContext]]:
    """One browser for each person and width; what it keeps is put back before each control."""
    opened: dict[tuple[str, int], BrowserContext] = {}

    def window(name: str, width: int) -> BrowserContext:
        if (name, width) not in opened:
            opened[name, width] = chromium.new_context(
                viewport={"width": width, "height": 844},
                has_touch=width < 600,
                is_mobile=width < 600,
                reduced_motion="reduce",
            )
            opened[name, width].set_default_timeout(20_000)
            opened[name, width].set_default_navigation_timeout(180_000)
        return opened[name, width]

    yield window
    for context in opened.values():
        context.close()


@pytest.fixture
def arrives(
    windows: Callable[[str, int], BrowserContext], live_server: LiveServer, settings: Any
) -> Iterator[Callable[..., Hand]]:
    """`arrives("bai", rows=2, width=390)`: that person's hand; "visitor" is a guest of an open catalogue."""
    pages = []

    def hand(
        name: str, *, rows: int, width: int, only: Callable[[Control], bool] = lambda _control: True
    ) -> Hand:
        channel = world.filled(rows)
        settings.QUDAO_OPEN_CATALOGUE = name == "visitor"
        context = windows(name, width)
        cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": live_server.url}]
        if name in channel.sessions:
            session = channel.sessions[name]
            cookies += [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        pages.append(context.new_page())
        return Hand(
            pages[-1],
            live_server.url,
            channel,
            cookies,
            clicked=_clicked[width],
            answers=_answers.setdefault(name, {}),
            knows=channel.knows if name == "guest" else {},
            only=only,
        )

    yield hand
    for page in pages:
        page.close()


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, running; tests share it and leave other people's work alone."""
    with demo(tmp_path_factory.mktemp("demo") / "data") as running:
        yield running
