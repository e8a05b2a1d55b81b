"""The form of a page in Wagtail's admin: a draft is always kept, and a schedule that is over is explained."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


class PageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """Dates of the schedule stand in a dialog that is closed while one writes: what is wrong with them is also said
    above the page. A draft may have an expiry date that is over, because only publishing acts on it."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Wagtail checks the schedule after every ``clean`` of ours, so its errors are met where they are added."""
        if field not in ("expire_at", "go_live_at"):
            super().add_error(field, error)
            return
        expires = self.cleaned_data.get("expire_at")
        is_over = field == "expire_at" and expires is not None and expires < timezone.now()
        if is_over and self.is_deferred_validation and "go_live_at" not in self.errors:
            return
        super().add_error(field, error)
        if "__all__" not in self.errors:
            super().add_error(None, _over(expires) if is_over else _wrong())


def _over(expires: datetime) -> str:
    day = timezone.localtime(expires).strftime("%Y-%m-%d %H:%M")
    said = _(
        "This page expired on %(day)s. To publish it again, choose “Edit schedule” in the panel “Status” and "
        "set a later expiry date, or remove it. You can save a draft meanwhile."
    )
    return said % {"day": day}


def _wrong() -> str:
    return _("The schedule is not valid: check the dates under “Edit schedule” in the “Status” panel.")
