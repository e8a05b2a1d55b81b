"""The browser in a hand: opens a page afresh, finds, reveals and presses its controls."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Locator, Page, Request, Response

from tests.e2e import hands_world as world
from tests.e2e.hands_controls import Control

SCRIPT = Path(__file__).with_name("hands_page.js").read_text(encoding="utf-8")
#: Asks the script to forget what an earlier control left in the tab.
AFRESH = "qudao_hand_afresh"
FORMS = re.compile(r"<form\b[^>]*>|</form>")
SIGN_IN = "/accounts/login/"
#: A hand that cannot press a control by then never will.
PRESS_WITHIN = 15_000


@dataclass
class Browsing:
    """One person's window on one channel."""

    page: Page
    base: str
    world: world.Filled
    cookies: list[dict[str, Any]]
    waiting: set[Any] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    moved: bool = False
    posts: int = 0
    opens: int = 0
    answer: Response | None = None
    unused: str = ""  # the page that is open, while nobody has done anything there

    def __post_init__(self) -> None:
        page = self.page
        page.add_init_script(SCRIPT)
        page.on("request", lambda request: self.waiting.add(request))
        page.on("requestfinished", self._finished)
        page.on("requestfailed", lambda request: self.waiting.discard(request))
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("download", lambda _download: self._happened())
        page.on("popup", lambda popup: (self._happened(), popup.close()))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _finished(self, request: Request) -> None:
        self.waiting.discard(request)
        self.posts += request.method == "POST"

    def _happened(self) -> None:
        self.moved = True

    # --- opening

    def header(self) -> dict[str, str]:
        """Who asks, for a request beside the page."""
        return {"cookie": "; ".join(f"{each['name']}={each['value']}" for each in self.cookies)}

    def open(self, path: str) -> list[Control]:
        """The page in the channel's first state, and its controls."""
        self.opens += 1
        if not world.untouched(self.world):
            self.page.goto("about:blank")
            self.settle()
        world.put_back(self.world)
        self.page.context.clear_cookies()
        fresh = {"name": AFRESH, "value": "1", "url": self.base}
        self.page.context.add_cookies([*self.cookies, fresh])  # type: ignore[list-item]
        answer = self.page.goto(self.base + path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        assert SIGN_IN in path or SIGN_IN not in self.page.url, f"{path}: asks to sign in"
        self.unused, self.answer = path, answer
        return self.controls()

    def open_unless_unused(self, path: str) -> list[Control]:
        return self.controls() if self.unused == path else self.open(path)

    def faults(self) -> dict[str, str]:
        """What is wrong with the page as a whole."""
        found = {"form": nested} if (nested := self.nested_form()) else {}
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return found | ({"width": f"{wide} pixels too wide"} if wide > 1 and self.is_phone else {})

    @property
    def is_phone(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] < 600

    def nested_form(self) -> str:
        """A form that the browser has dropped, because it stands in another: its buttons send the other one."""
        before, inside = "", False
        for part in FORMS.findall(self.answer.text() if self.answer else ""):
            if inside and part != "</form>":
                return f"{part} inside {before}"
            before, inside = part, part != "</form>"
        return ""

    def controls(self) -> list[Control]:
        self.settle()
        found = self.page.evaluate("hands.find()")
        return [Control(**(each | {"options": tuple(each["options"])})) for each in found]

    # --- waiting

    def settle(self) -> None:
        """Wait until nothing is on its way any more."""
        quiet = 0
        for _each in range(4_000):
            self.page.wait_for_timeout(10)
            quiet = quiet + 1 if not self.waiting else 0
            if quiet >= 2:
                return
        self.waiting.clear()

    def until(self, come: Callable[[], bool], seconds: float = 10) -> bool:
        """Wait for something that happens soon, or never; look less and less often."""
        latest, pause = time.monotonic() + seconds, 15
        while not (happened := come()) and time.monotonic() < latest:
            self.page.wait_for_timeout(pause)
            pause = min(pause * 1.5, 250)
        return happened

    def sent(self, act: Callable[[], Any]) -> None:
        """Do something that posts, and wait for the answer."""
        self.unused = ""
        before = self.posts
        act()
        self.until(lambda: self.posts > before)
        self.settle()

    # --- seeing and reaching

    def shown(self) -> str:
        """What the page is now, apart from where the pointer is."""
        return str(self.page.evaluate("hands.shown()"))

    def differs(self, before: str) -> bool:
        try:
            return self.shown() != before
        except Error:  # the page is just being left
            return False

    def at(self, control: Control) -> Locator:
        return self.page.locator(f'[data-hand="{control.number}"]')

    def reveal(self, control: Control) -> bool:
        """Open what the control is folded away in; whether a hand can then reach it."""
        self.choose_rows(control)
        for _layer in range(4):
            if self.at(control).is_visible():
                return True
            cover = self.page.evaluate("number => hands.cover(number)", control.number)
            if cover == "?":  # a key opens it
                self.unused = ""
                self.page.keyboard.press("?")
                continue
            opener = self.page.locator(f'[data-hand="{cover}"]')
            if cover is None or not opener.is_visible():
                return False
            self.unused = ""
            opener.click(timeout=PRESS_WITHIN)
        return self.at(control).is_visible()

    def choose_rows(self, control: Control) -> None:
        """What acts on chosen rows needs one."""
        rows = self.page.evaluate("number => hands.rows(number)", control.number)
        if control.name == "order" or not rows:
            return
        first = self.page.locator(f'[data-hand="{rows[0]}"]')
        if not first.is_checked():
            self.unused = ""
            first.check()

    def click(self, control: Control) -> None:
        self.moved, self.unused = False, ""
        if control.by_key:
            self.at(control).press("Enter")
        else:
            self.at(control).click(timeout=PRESS_WITHIN)
        self.page.wait_for_timeout(20)
        self.confirm()

    def confirm(self) -> None:
        yes = self.page.locator("dialog[open]:has(#qd-confirm-title) button[value=yes]")
        if yes.count():
            yes.click()

    def said(self) -> str:
        said = self.page.locator(
            ".qd-error:visible, .qd-notice:visible, .qd-toast:visible, [data-problem]:visible, .error-message:visible,"
            " .messages li:visible"
        ).all_inner_texts()
        return f" ({' '.join(' '.join(said).split())[:160]})" if said else ""

    def kept_cookies(self) -> dict[str, str]:
        passed = ("csrf", "messages", AFRESH)
        return {
            each["name"]: each["value"]
            for each in self.page.context.cookies()
            if not any(word in each["name"] for word in passed)
        }
