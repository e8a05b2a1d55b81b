"""A hand in the back office: what Wagtail's forms, lists and windows ask of it beside what any page does."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e import hands_world as world
from tests.e2e.hands import Hand
from tests.e2e.hands_controls import Control

#: What can be chosen in a window of Wagtail's.
CHOICE = ".modal-body [data-chooser-modal-choice]"
HIDDEN = "[...document.querySelectorAll('input[type=hidden]')].map(each => each.value).join('|')"


@dataclass
class OfficeHand(Hand):
    """Changes a text before it sends a form, and chooses in the window that a button opens."""

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

    def enter(self, path: str, control: Control) -> str:
        """A list follows its filters by itself; no button is pressed for it."""
        if not control.follows:
            return super().enter(path, control)
        if control.type == "radio" and control.checked:
            return ""
        address = self.page.url
        self.put(control)
        return "" if self.until(lambda: self.page.url != address) else "the list does not follow"
