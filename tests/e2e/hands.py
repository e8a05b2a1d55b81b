"""A hand: it finds every control of a page, uses it as a person would, and says which of them did nothing.

A field acts when a different value makes a difference to what the server keeps, or to what the page then shows;
a button that sends a form with POST acts when the server's data or a cookie have changed; a link when it leads to a
page that opens; everything else when the page itself has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Locator, Page, Request

from tests.e2e import hands_world as world
from tests.e2e.hands_controls import Control

SCRIPT = Path(__file__).with_name("hands_page.js")


@dataclass
class Hand:
    """Uses the controls of one person's page, each on a fresh copy of the channel."""

    page: Page
    base: str
    world: world.Filled
    cookies: list[dict[str, Any]]
    used: set[str]
    only: Callable[[Control], bool] = lambda control: True
    dead: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    plain: dict[tuple[str, int], Any] = field(default_factory=dict)
    waiting: set[Any] = field(default_factory=set)
    moved: bool = False
    posts: int = 0

    def __post_init__(self) -> None:
        page = self.page
        page.add_init_script(path=SCRIPT)
        page.on("request", lambda request: self.waiting.add(request))
        page.on("requestfinished", self._finished)
        page.on("requestfailed", lambda request: self.waiting.discard(request))
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("download", lambda _download: self._happened())
        page.on("popup", lambda popup: (self._happened(), popup.close()))

    def _finished(self, request: Request) -> None:
        self.waiting.discard(request)
        self.posts += request.method == "POST"

    def _happened(self) -> None:
        self.moved = True

    # --- the page

    def open(self, path: str) -> list[Control]:
        """The page in the channel's first state, and its controls."""
        self.page.goto("about:blank")
        self.settle()
        world.put_back(self.world)
        self.page.context.clear_cookies()
        self.page.context.add_cookies(self.cookies)  # type: ignore[arg-type]
        answer = self.page.goto(self.base + path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        return self.controls()

    def controls(self) -> list[Control]:
        self.settle()
        found = self.page.evaluate("hands.find()")
        return [Control(**(each | {"options": tuple(each["options"])})) for each in found]

    def settle(self) -> None:
        """Wait until nothing is on its way any more."""
        quiet = 0
        for _each in range(4_000):
            self.page.wait_for_timeout(15)
            quiet = quiet + 1 if not self.waiting else 0
            if quiet >= 2:
                return
        self.waiting.clear()

    def until(self, come: Callable[[], bool], seconds: float = 10) -> bool:
        """Wait for something that happens soon, or never; then for the rest of it."""
        latest = time.monotonic() + seconds
        while not (happened := come()) and time.monotonic() < latest:
            self.page.wait_for_timeout(20)
        self.settle()
        return happened

    def sent(self, act: Callable[[], Any]) -> None:
        """Do something that posts, and wait for the answer."""
        before = self.posts
        act()
        self.until(lambda: self.posts > before)

    def shown(self) -> str:
        """What the page is now, apart from where the pointer is."""
        return str(self.page.evaluate("hands.shown()"))

    def at(self, control: Control) -> Locator:
        return self.page.locator(f'[data-hand="{control.number}"]')

    def reveal(self, control: Control) -> bool:
        """Open what the control is folded away in; whether a hand can then reach it."""
        for _layer in range(4):
            if self.at(control).is_visible():
                return True
            cover = self.page.evaluate("number => hands.cover(number)", control.number)
            opener = self.page.locator(f'[data-hand="{cover}"]')
            if cover is None or not opener.is_visible():
                return False
            opener.click()
        return self.at(control).is_visible()

    def choose_rows(self, control: Control) -> None:
        """What acts on chosen rows needs one."""
        rows = self.page.locator(f'[data-qd-select]:has([data-hand="{control.number}"]) input[name=order]')
        if control.name != "order" and rows.count() and not rows.first.is_checked():
            rows.first.check()

    def confirm(self) -> None:
        yes = self.page.locator("dialog[open] #qd-confirm-title")
        if yes.count():
            self.page.locator("dialog[open]:has(#qd-confirm-title) button[value=yes]").click()

    # --- walking

    def walk(self, path: str) -> None:
        """Use every kind of control that `path` has: the first and the last of each kind."""
        controls = [
            each for each in self.open(path) if self.only(each) and not each.disabled and not each.readonly
        ]
        kinds: dict[str, list[Control]] = {}
        for control in controls:
            kinds.setdefault(control.key, []).append(control)
        for key, same in kinds.items():
            if key in self.used:
                continue
            many = same[0].live or same[0].kind == "submit"
            chosen = same[:1] + same[-1:] if many and len(same) > 1 else same[-1:]
            outcomes = [self.use(path, control) for control in chosen]
            if all(outcome is None for outcome in outcomes) and self._any_reachable(path, same, chosen):
                outcomes = [""]
            self._keep(key, outcomes)

    def _any_reachable(self, path: str, same: list[Control], tried: list[Control]) -> bool:
        """Whether another of the kind is in reach, and acts, where those tried are not."""
        others = [each for each in same if each not in tried][:2]
        return any(self.use(path, each) == "" for each in others)

    def _keep(self, key: str, outcomes: list[str | None]) -> None:
        wrong = next((outcome for outcome in outcomes if outcome), None)
        if wrong:
            self.dead[key] = wrong
        elif "" in outcomes:
            self.used.add(key)
        else:
            self.hidden.add(key)

    def use(self, path: str, control: Control) -> str | None:
        """Use one control: "" when it acts, None when it cannot be reached here, otherwise what is wrong."""
        try:
            now = self.same(self.open(path), control)
            if now is None:
                return "not there when the page is opened again"
            self.choose_rows(now)
            if not self.reveal(now):
                return None
            return {"link": self.follow, "button": self.press, "submit": self.send, "field": self.enter}[
                now.kind
            ](path, now)
        except Error as error:
            return f"cannot be used: {str(error).splitlines()[0]}"

    @staticmethod
    def same(controls: list[Control], control: Control) -> Control | None:
        """The control with the same place among those of its kind."""
        return next(
            (each for each in controls if (each.number, each.key) == (control.number, control.key)), None
        )

    # --- using

    def follow(self, _path: str, control: Control) -> str:
        """A link leads to a page that opens, or to a place of this one."""
        if control.href.startswith(("mailto:", "tel:")):
            return ""
        if not control.href.startswith(self.base):
            return f"leads elsewhere: {control.href}"
        return self._lands(control, self.shown())

    def _lands(self, control: Control, before: str) -> str:
        statuses: list[int] = []

        def note(answer: Any) -> None:
            if answer.url.split("#")[0] == control.href.split("#")[0]:
                statuses.append(answer.status)

        self.page.on("response", note)
        try:
            self.click(control)
            self.until(lambda: bool(statuses) or self.moved or self._differs(before))
        finally:
            self.page.remove_listener("response", note)
        if [status for status in statuses if status >= 400]:
            return f"leads to {statuses[-1]}"
        return "" if statuses or self.moved or self._differs(before) else "does nothing"

    def _differs(self, before: str) -> bool:
        try:
            return self.shown() != before
        except Error:  # the page is just being left
            return False

    def click(self, control: Control) -> None:
        self.moved = False
        self.at(control).click(timeout=30_000)
        self.page.wait_for_timeout(20)
        self.confirm()
        self.settle()

    def press(self, _path: str, control: Control) -> str:
        """A button that sends nothing by itself changes what the page shows; beside a live field, what is kept."""
        if control.live and control.key.endswith("step -1"):
            self.page.locator(f'qd-quantity:has([data-hand="{control.number}"]) [data-step="1"]').click()
            self.settle()
        before, shown = world.state(), self.shown()
        if control.live:
            self.sent(lambda: self.click(control))
            return "" if world.changed(before, world.state()) else "nothing was saved"
        self.click(control)
        acted = self.until(lambda: self.moved or self._differs(shown), 5)
        return "" if acted else "does nothing"

    def send(self, _path: str, control: Control) -> str:
        """A form, filled in, is taken."""
        self.fill_in(control)
        before, cookies, shown = world.state(), self._kept_cookies(), self.shown()
        if control.method == "post":
            self.sent(lambda: self.click(control))
            acted = world.changed(before, world.state()) or cookies != self._kept_cookies()
            return "" if acted else f"the server kept nothing{self._said()}"
        self.click(control)
        return "" if self.until(lambda: self._differs(shown), 5) else "does nothing"

    def _said(self) -> str:
        said = self.page.locator(
            ".qd-error:visible, .qd-notice:visible, [data-problem]:visible"
        ).all_inner_texts()
        return f" ({' '.join(' '.join(said).split())[:160]})" if said else ""

    def _kept_cookies(self) -> dict[str, str]:
        passed = ("csrf", "messages")
        return {
            each["name"]: each["value"]
            for each in self.page.context.cookies()
            if not any(word in each["name"] for word in passed)
        }

    def fill_in(self, control: Control, *, changing: Control | None = None) -> None:
        """Fill what is empty in the control's form; `changing` gets another value than it has."""
        for each in self.controls():
            if each.kind != "field" or each.form != control.form or each.disabled or each.readonly:
                continue
            if changing is not None and (each.number, each.key) == (changing.number, changing.key):
                continue
            if self.at(each).is_visible() and self._empty(each):
                self.put(each)
        if changing is not None and self.at(changing).is_visible():
            self.put(changing)

    @staticmethod
    def _empty(control: Control) -> bool:
        if control.type in {"checkbox", "radio"}:
            return False
        return not control.value and control.type not in {"file", "search"} and control.method == "post"

    def put(self, control: Control) -> None:
        """Give a field another valid value, as a person does."""
        place = self.at(control)
        if control.tag == "select":
            if value := control.other_value():
                place.select_option(value)
        elif control.type == "checkbox":
            place.click()
        elif control.type == "radio":
            place.check()
        elif control.type == "file":
            place.set_input_files(
                {"name": "a.csv", "mimeType": "text/csv", "buffer": b"sku,quantity\nN-001,2\n"}
            )
        else:
            place.fill(control.other_value())

    def enter(self, path: str, control: Control) -> str:
        """A field: what is put into it makes a difference, at once or when its form is sent."""
        if control.type == "radio" and control.checked:
            return ""
        if control.live:
            return self._live(path, control)
        address = self.page.url
        if control.method != "post":
            self.put(control)
            if self.until(lambda: self.page.url != address, 1):
                return ""
            return self._searched(control, address)
        if control.name == "order":
            shown = self.shown()
            self.put(control)
            return "" if self.shown() != shown else "does nothing"
        return self._makes_a_difference(path, control)

    def _searched(self, control: Control, address: str) -> str:
        place = self.at(control)
        if control.tag == "input" and control.type in {"text", "search"}:
            place.press("Enter")
        else:
            self.page.evaluate(
                "(n) => document.querySelector(`[data-hand='${n}']`).form?.requestSubmit()", control.number
            )
        return "" if self.until(lambda: self.page.url != address) else "the list does not follow"

    def _live(self, path: str, control: Control) -> str:
        """A field that saves itself: with Tab, with Enter; and a reload shows it."""
        for key, value in (("Tab", "17"), ("Enter", "23")):
            again = self.same(self.open(path), control) if key == "Enter" else control
            assert again is not None and self.reveal(again)
            before = world.state()
            self.at(again).fill(value)
            self.sent(partial(self.at(again).press, key))
            if not world.changed(before, world.state()):
                return f"typed and {key}: nothing was saved"
            self.page.goto(self.base + path)
            if self.page.locator(f'[id="{again.id}"]').input_value() != value:
                return f"typed and {key}: gone after a reload"
        return ""

    def _makes_a_difference(self, path: str, control: Control) -> str:
        """The form is sent twice, from the same state: as it is, and with another value in this field."""
        if (path, control.form) not in self.plain:
            self.plain[path, control.form] = self._outcome(path, control)
        other = self._outcome(path, control, changing=True)
        if not isinstance(other, dict):
            return f"its form was not taken{other}"
        return "" if other != self.plain[path, control.form] else "its value makes no difference"

    def _outcome(self, path: str, control: Control, *, changing: bool = False) -> Any:
        """What sending the control's form changes; when it changes nothing, what the page says."""
        now = self.same(self.open(path), control)
        if now is None or not self.reveal(now):
            return " (not there when the page is opened again)"
        before = world.state()
        self.fill_in(now, changing=now if changing else None)
        self._submit(now)
        return world.changed(before, world.state()) or self._said()

    def _submit(self, control: Control) -> None:
        """With Enter where a person would, with the form's button otherwise."""
        covered = "dialog[open] " if self.page.locator("dialog[open]").count() else ""
        buttons = [
            each
            for each in self.controls()
            if each.kind == "submit"
            and each.form == control.form
            and self.page.locator(f'{covered}[data-hand="{each.number}"]').is_visible()
        ]
        if buttons:
            self.sent(lambda: self.click(buttons[0]))
        else:
            self.sent(lambda: self.at(control).press("Enter"))
