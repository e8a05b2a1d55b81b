"""A hand: it finds every control of a page, uses it as a person would, and says which of them did nothing.

A field acts when a different value makes a difference to what the server keeps, or to what the page then shows;
a button that sends a form with POST acts when the server's data or a cookie have changed; a link when it leads to a
page that opens; everything else when the page itself has changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from playwright.sync_api import Error

from tests.e2e import hands_world as world
from tests.e2e.hands_browser import PRESS_WITHIN, Browsing
from tests.e2e.hands_controls import Control

#: What is typed is looked for in what the server then keeps; shorter values stand there anyway.
TELLING = 4


OPTIONS = "node => [...node.options].filter(each => !each.disabled).map(each => each.value)"


@dataclass
class Hand(Browsing):
    """Uses the controls of one person's page, each on a fresh copy of the channel."""

    clicked: set[str] = field(default_factory=set)  # kinds of links that somebody has pressed at this width
    answers: dict[str, int] = field(default_factory=dict)  # what their targets answer this person
    knows: dict[str, str] = field(default_factory=dict)  # values of fields by name
    only: Callable[[Control], bool] = lambda control: True
    known_to_act: set[str] = field(default_factory=set)  # used at another width: here it has to be in reach
    used: set[str] = field(default_factory=set)
    dead: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    several: set[str] = field(default_factory=set)  # kinds of which the page has more than one
    plain: dict[tuple[str, int], Any] = field(default_factory=dict)
    typed: dict[tuple[str, int], set[str]] = field(default_factory=dict)

    # --- walking

    def walk(self, path: str) -> None:
        """Use every kind of control that `path` has: the first and the last of each kind."""
        controls = [
            each for each in self.open(path) if self.only(each) and not each.disabled and not each.readonly
        ]
        self.dead |= self.faults()
        covered = dict(self.page.evaluate("hands.covered()"))
        in_sight = set(self.page.evaluate("hands.inSight()"))
        for key, same in by_kind(controls).items():
            if len(same) > 1:
                self.several.add(key)
            if over := next((covered[each.number] for each in same if each.number in covered), ""):
                self.dead[key] = f"under {over}"
            elif key in self.known_to_act and any(each.number in in_sight for each in same):
                self.used.add(key)
            elif same[0].kind == "link" and key in self.clicked:
                self._keep(key, [self._answers(each) for each in same[-1:]])
            else:
                self._keep(key, self._use_some(path, same))
        for complaint in self.complaints:
            self.dead["script"] = complaint

    def look(self, path: str) -> None:
        """Without using anything: every control is in reach, every link leads somewhere, no script complains."""
        controls = [each for each in self.open(path) if self.only(each) and not each.disabled]
        self.dead |= self.faults()
        covered = dict(self.page.evaluate("hands.covered()"))
        for key, same in by_kind(controls).items():
            if over := next((covered[each.number] for each in same if each.number in covered), ""):
                self.dead[key] = f"under {over}"
            elif same[0].kind == "link" and (wrong := self._answers(same[-1])):
                self.dead[key] = wrong
            else:
                self.used.add(key)
        for complaint in self.complaints:
            self.dead["script"] = complaint

    def send_forms(self, path: str) -> None:
        """Fill in what is empty, change one text, and send: the server keeps something of each form that posts."""
        buttons = [each for each in self.open(path) if each.kind == "submit" and each.method == "post"]
        for form in {each.form: each for each in reversed(buttons) if self.only(each)}.values():
            now = self.same(self.open_unless_unused(path), form)
            if now is None or not self.reveal(now):
                continue
            self.fill_in(now, changing=next(filter(self._is_text, self.fields(now)), None))
            self.sent(partial(self.click, now))
            if world.changes(self.world):
                self.used.add(now.key)
            else:
                self.dead[now.key] = f"the server kept nothing{self.said()}"

    def _is_text(self, control: Control) -> bool:
        return control.type == "text" and self.at(control).is_visible()

    def _use_some(self, path: str, same: list[Control]) -> list[str | None]:
        many = same[0].live or same[0].kind == "submit"
        chosen = same[:1] + same[-1:] if many and len(same) > 1 else same[-1:]
        outcomes = [self.use(path, control) for control in chosen]
        if all(outcome is None for outcome in outcomes) and self._any_reachable(path, same, chosen):
            return [""]
        return outcomes

    def _any_reachable(self, path: str, same: list[Control], tried: list[Control]) -> bool:
        """Whether another of the kind is in reach, and acts, where those tried are not."""
        others = [each for each in same if each not in tried][:2]
        return any(self.use(path, each) == "" for each in others)

    def _keep(self, key: str, outcomes: Iterable[str | None]) -> None:
        outcomes = list(outcomes)
        wrong = next((outcome for outcome in outcomes if outcome), None)
        if wrong:
            self.dead[key] = wrong
        elif "" in outcomes:
            self.used.add(key)
        else:
            self.hidden.add(key)

    def use(self, path: str, control: Control) -> str | None:
        """Use one control: "" when it acts, None when it cannot be reached here, otherwise what is wrong."""
        if control.key in self.typed.get((path, control.form), ()):
            return ""
        try:
            now = self.same(self.open_unless_unused(path), control)
            if now is None:
                return "not there when the page is opened again"
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
            came = self.until(lambda: bool(statuses) or self.moved, 0.3)
            came = came or self.until(lambda: bool(statuses) or self.moved or self.differs(before))
        finally:
            self.page.remove_listener("response", note)
        if [status for status in statuses if status >= 400]:
            return f"leads to {statuses[-1]}"
        if not came:
            return "does nothing"
        self.clicked.add(control.key)
        self.answers[control.key] = 200
        return ""

    def _answers(self, control: Control) -> str:
        """A kind of link that has been pressed before, perhaps by somebody else, opens for this person, too."""
        if control.key not in self.answers and control.href.startswith(self.base):
            answer = self.page.context.request.get(control.href.split("#")[0])
            self.answers[control.key] = answer.status
        status = self.answers.get(control.key, 200)
        return f"leads to {status}" if status >= 400 else ""

    def press(self, _path: str, control: Control) -> str:
        """A button that sends nothing by itself changes what the page shows; beside a live field, what is kept."""
        if control.live and control.key.endswith("step -1"):
            self.unused = ""
            self.page.locator(f'qd-quantity:has([data-hand="{control.number}"]) [data-step="1"]').click()
            self.settle()
        if control.live:
            before = world.changes(self.world)
            self.sent(lambda: self.click(control))
            return "" if world.changes(self.world) != before else "nothing was saved"
        shown = self.shown()
        self.click(control)
        acted = self.until(lambda: self.moved or self.differs(shown))
        return "" if acted else "does nothing"

    def send(self, _path: str, control: Control) -> str:
        """A form, filled in, is taken."""
        self.fill_in(control)
        if control.method == "post":
            cookies = self.kept_cookies()
            self.sent(lambda: self.click(control))
            acted = world.changes(self.world) or self.moved or cookies != self.kept_cookies()
            return "" if acted else f"the server kept nothing{self.said()}"
        shown = self.shown()
        self.click(control)
        return "" if self.until(lambda: self.differs(shown)) else "does nothing"

    def fill_in(self, control: Control, *, changing: Control | None = None) -> None:
        """Fill what is empty in the control's form; `changing` gets another value than it has."""
        for each in self.fields(control):
            if changing is not None and (each.number, each.key) == (changing.number, changing.key):
                continue
            if self.at(each).is_visible() and self._empty(each):
                self.put(each)
        self._choose_one(control, changing)
        if changing is not None and self.at(changing).is_visible():
            unlike = ""
            if self._empty(changing):  # what it gets otherwise, among the choices that the others have left
                self.put(changing)
                unlike = self.at(changing).input_value()
            self.put(changing, unlike)

    def _choose_one(self, control: Control, changing: Control | None) -> None:
        """Of several boxes of one name at least one stays ticked: another one, where the only one is changed."""
        boxes = [
            each for each in self.fields(control) if each.type == "checkbox" and control.method == "post"
        ]
        changed = changing.number if changing else -1
        for name in {each.name for each in boxes}:
            same = [each for each in boxes if each.name == name]
            other = [each for each in same if each.number != changed]
            if len(same) > 1 and not any(each.checked for each in other) and self.at(other[0]).is_visible():
                self.put(other[0])

    def fields(self, control: Control) -> list[Control]:
        """The fields of the control's form that can be written in."""
        return [
            each
            for each in self.controls()
            if each.kind == "field" and each.form == control.form and not (each.disabled or each.readonly)
        ]

    @staticmethod
    def _empty(control: Control) -> bool:
        if control.type in {"checkbox", "radio"}:
            return False
        return not control.value and control.type not in {"file", "search"} and control.method == "post"

    def known(self, control: Control) -> str:
        """A valid value for the field: what this person knows, or any."""
        return self.knows.get(control.name) or control.other_value()

    def put(self, control: Control, unlike: str = "") -> None:
        """Give a field another valid value, as a person does."""
        self.unused = ""
        place = self.at(control)
        value = control.other_value(unlike) if unlike else self.known(control)
        if control.tag == "select":
            options = place.evaluate(OPTIONS)  # another choice may have narrowed them
            if other := control.other_of(options, unlike):
                place.select_option(other)
        elif control.type == "checkbox":
            place.click(timeout=PRESS_WITHIN)
        elif control.type == "radio":
            place.check(timeout=PRESS_WITHIN)
        elif control.type == "file":
            place.set_input_files(
                {"name": "a.csv", "mimeType": "text/csv", "buffer": b"sku,quantity\nN-001,2\n"}
            )
        else:
            place.fill(value)

    def enter(self, path: str, control: Control) -> str:
        """A field: what is put into it makes a difference, at once or when its form is sent."""
        if control.type == "radio" and control.checked:
            return ""
        if control.live:
            return self._live(path, control)
        address = self.page.url
        if control.method != "post":
            self.put(control)
            if self.until(lambda: self.page.url != address, 0.4):
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
                "(n) => document.querySelector(`[data-hand='${n}']`)?.form?.requestSubmit()", control.number
            )
        return "" if self.until(lambda: self.page.url != address) else "the list does not follow"

    def _live(self, path: str, control: Control) -> str:
        """A field that saves itself: with Tab, with Enter; and a reload shows it."""
        for key, value in (("Tab", "17"), ("Enter", "23")):
            again = self.same(self.open(path), control) if key == "Enter" else control
            assert again is not None and self.reveal(again)
            self.unused = ""
            self.at(again).fill(value)
            self.sent(partial(self.at(again).press, key))
            if not world.changes(self.world):
                return f"typed and {key}: nothing was saved"
            self.page.goto(self.base + path)
            if self.page.locator(f'[id="{again.id}"]').input_value() != value:
                return f"typed and {key}: gone after a reload"
        return ""

    # --- fields of a form

    def _makes_a_difference(self, path: str, control: Control) -> str:
        """What is typed is kept; or the form, sent from the same state with another value, does something else."""
        place = (path, control.form)
        if place not in self.typed:
            self.typed[place] = self._all_at_once(path, control)
        if control.key in self.typed[place]:
            return ""
        if place not in self.plain:
            self.plain[place] = self._outcome(path, control)
        other = self._outcome(path, control, changing=True)
        if not isinstance(other, dict) and not (self.knows and isinstance(self.plain[place], dict)):
            return f"its form was not taken{other}"
        return "" if other != self.plain[place] else "its value makes no difference"

    def _all_at_once(self, path: str, control: Control) -> set[str]:
        """The form is sent with another value in every field; the kinds of those whose value the server then keeps."""
        now = self.same(self.open_unless_unused(path), control)
        if now is None or not self.reveal(now):
            return set()
        values: dict[str, str] = {}
        for each in self.fields(now):
            if each.type not in {"checkbox", "radio", "file"} and self.at(each).is_visible():
                self.put(each)
                values[each.key] = self.at(each).input_value()
        self._choose_one(now, None)
        self._submit(now)
        kept = "\n".join(cell for rows in world.changes(self.world).values() for row in rows for cell in row)
        found = {
            key
            for key, value in values.items()
            if len(value) >= TELLING and re.search(rf"{re.escape(value)}(?!\w)", kept)
        }
        return {key for key in found if list(values.values()).count(values[key]) == 1}

    def _outcome(self, path: str, control: Control, *, changing: bool = False) -> Any:
        """What sending the control's form changes; when it changes nothing, what the page says."""
        now = self.same(self.open_unless_unused(path), control)
        if now is None or not self.reveal(now):
            return " (not there when the page is opened again)"
        self.fill_in(now, changing=now if changing else None)
        self._submit(now)
        return world.changes(self.world) | self._new_cookies() or self.said()

    def _new_cookies(self) -> dict[str, Any]:
        """Which cookies came or changed, and whether they outlive the browser."""
        had = {each["name"]: each["value"] for each in self.cookies}
        kept = {name for name, value in self.kept_cookies().items() if had.get(name) != value}
        lasting = {each["name"]: each["expires"] > 0 for each in self.page.context.cookies()}
        return {"cookies": {(name, lasting[name]) for name in kept}} if kept else {}

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


def by_kind(controls: list[Control]) -> dict[str, list[Control]]:
    """Controls that differ in their row only stand together."""
    kinds: dict[str, list[Control]] = {}
    for control in controls:
        kinds.setdefault(control.key, []).append(control)
    return kinds
