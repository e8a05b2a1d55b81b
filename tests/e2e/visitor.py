"""Somebody at the demo channel with a browser."""

from collections.abc import Callable
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PASSWORD = "light-the-channel"


@dataclass
class Visitor:
    """A person with one browser window. What the pages complain about is kept in `complaints`."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Response:
        response = self.page.goto(self.base + path)
        assert response is not None
        return response

    def sign_in(self, email: str) -> None:
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.press("input[name=password]", "Enter")
        assert "/accounts/login" not in self.page.url, self.page.inner_text("body")

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )

    def barriers(self) -> list[str]:
        """What keeps somebody from using this page, as axe sees it."""
        found = Axe().run(self.page, options=WCAG).response["violations"]
        return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def arrive(browser: Browser, base: str, *, width: int, language: str) -> tuple[Visitor, Callable[[], None]]:
    """A new window of this width and language; the second value closes it."""
    context = browser.new_context(viewport={"width": width, "height": 844}, locale=language)
    context.set_default_timeout(180_000)
    context.add_cookies([{"name": "qudao_language", "value": language, "url": base}])
    visitor = Visitor(context.new_page(), base)
    visitor.page.on(
        "console", lambda said: visitor.complaints.append(said.text) if said.type == "error" else None
    )
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    visitor.page.on("requestfailed", lambda request: _failed(visitor, request.url, request.failure))
    visitor.page.on("request", lambda request: _foreign(visitor, request.url))
    return visitor, context.close


def _failed(visitor: Visitor, url: str, failure: str | None) -> None:
    """What the browser itself gives up, because the visitor has gone on to another page, did not fail."""
    given_up = failure == "net::ERR_ABORTED"
    if url.startswith(visitor.base) and not url.endswith(".pdf") and not given_up:
        visitor.complaints.append(f"not loaded: {url}")


def _foreign(visitor: Visitor, url: str) -> None:
    if not url.startswith((visitor.base, "data:", "blob:")):
        visitor.complaints.append(f"asked somebody else: {url}")
