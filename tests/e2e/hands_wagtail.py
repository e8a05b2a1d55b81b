"""A hand in the back office: what Wagtail's forms, lists and windows ask of it beside what any page does."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from tests.e2e import hands_world as world
from tests.e2e.hands import Hand
from tests.e2e.hands_controls import Control

#: What can be chosen in a window of Wagtail's.
CHOICE = ".modal-body [data-chooser-modal-choice]"
HIDDEN = "[...document.querySelectorAll('input[type=hidden]')].map(each => each.value).join('|')"


#: What a field holds, as the server may keep it.
BOXES = {"checkbox", "radio"}
HOLDS = """node => ["checkbox", "radio"].includes(node.type) ? (node.checked ? "1" : "0") : node.value"""


@dataclass
class OfficeHand(Hand):
    """Changes a text before it sends a form, and chooses in the window that a button opens."""

    followed: bool = False
    holds: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # what was put into each kind of field last

    def use(self, path: str, control: Control) -> str | None:
        """A list whose filters are used stays open for the next of them."""
        again = self.unused == path and self.followed
        outcome = super().use(path, control)
        if again and (outcome is None or outcome.startswith("not there")):
            self.unused = ""
            outcome = super().use(path, control)
        self.followed = (
            control.follows and not outcome and urlsplit(self.page.url).path == urlsplit(path).path
        )
        if self.followed:
            self.unused = path
        return outcome

    def _all_at_once(self, path: str, control: Control) -> set[str]:
        """The form is sent with another value in every field; those whose own column then has that value act."""
        self.open_unless_unused(path)
        has_boxes = any(each.type in BOXES for each in self.fields(control))
        self.holds.clear()
        found = super()._all_at_once(path, control) | self._in_columns()
        return found | (self._ticked(path, control) if has_boxes else set())

    def _ticked(self, path: str, control: Control) -> set[str]:
        """The same with every box."""
        now = self.same(self.open_unless_unused(path), control)
        if now is None or not self.reveal(now):
            return set()
        self.fill_in(now)
        self.holds.clear()
        for each in self.fields(now):
            if each.type in BOXES and self.at(each).is_visible():
                self.put(each)
                self.holds[each.key] = (each.name, str(self.at(each).evaluate(HOLDS)))
        self._submit(now)
        return self._in_columns()

    def _in_columns(self) -> set[str]:
        kept = world.kept(self.world)
        return {
            key
            for key, (name, value) in self.holds.items()
            if any(_same(value, each) for each in kept.get(name.rpartition("-")[2], ()))
        }

    def send(self, path: str, control: Control) -> str:
        """A form in which one text is changed is kept: Wagtail notes nothing where nothing differs."""
        if control.method != "post":
            return super().send(path, control)
        self.fill_in(control, changing=next(filter(self._is_text, self.fields(control)), None))
        cookies = self.kept_cookies()
        self.sent(lambda: self.click(control))
        acted = world.changes(self.world) or self.moved or cookies != self.kept_cookies()
        return "" if acted else f"the server kept nothing{self.said()}"

    def press(self, path: str, control: Control) -> str:
        values = self.page.evaluate(HIDDEN)
        if wrong := super().press(path, control):
            return wrong
        self.settle()
        choices = self.page.locator(CHOICE)
        if not choices.count():
            return ""
        choices.last.click()
        chosen = self.until(lambda: self.page.evaluate(HIDDEN) != values)
        return "" if chosen else "what is chosen in its window is not kept"

    def put(self, control: Control, unlike: str = "") -> None:
        """In a field that finds what it offers, choose the last that is offered."""
        if control.role != "combobox":
            super().put(control, unlike)
            if control.type not in BOXES | {"file"}:
                self.holds[control.key] = (control.name, self.at(control).input_value())
            return
        self.unused = ""
        self.at(control).click()
        offered = self.page.locator("[role=listbox]:visible [role=option]")
        if self.until(lambda: offered.count() > 0, 3):
            offered.last.click()

    def enter(self, path: str, control: Control) -> str:
        """A list follows its filters by itself; no button is pressed for it."""
        if control.role == "combobox":
            return self._chosen(control)
        if not control.follows:
            return super().enter(path, control)
        if control.type == "radio" and control.checked:
            return ""
        address = self.page.url
        self.put(control)
        return "" if self.until(lambda: self.page.url != address) else "the list does not follow"

    def _chosen(self, control: Control) -> str:
        """What is chosen in such a field is kept when its form is sent."""
        shown = self.shown()
        self.put(control)
        if self.shown() == shown:
            return "nothing can be chosen"
        self.fill_in(control)
        self._submit(control)
        return "" if world.changes(self.world) else f"the server kept nothing{self.said()}"


def _same(entered: str, kept: str) -> bool:
    """Whether a column keeps what was entered; a number may have more places there."""
    try:
        return Decimal(entered) == Decimal(kept)
    except InvalidOperation:
        return entered == kept
