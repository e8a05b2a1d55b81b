"""The form of a page in Wagtail's admin: a draft is always kept, and a schedule that is over is explained."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


class PageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """Dates of the schedule stand in a dialog that is closed while one writes: what is wrong with them is also said
    above the page. A draft may have an expiry date that is over, because only publishing acts on it."""

    def clean(self) -> dict[str, Any]:
        expires = self.cleaned_data.get("expire_at")
        cleaned: dict[str, Any] = super().clean()
        if "expire_at" not in self.errors and "go_live_at" not in self.errors:
            return cleaned
        is_over = expires is not None and expires < timezone.now()
        if is_over and self.is_deferred_validation and "go_live_at" not in self.errors:
            del self.errors["expire_at"]
            cleaned["expire_at"] = expires
        elif is_over:
            day = timezone.localtime(expires).strftime("%Y-%m-%d %H:%M")
            said = _(
                "This page expired on %(day)s. To publish it again, choose “Edit schedule” in the panel “Status” and "
                "set a later expiry date, or remove it. You can save a draft meanwhile."
            )
            self.add_error(None, said % {"day": day})
        else:
            self.add_error(
                None,
                _("The schedule is not right: see the dates under “Edit schedule” in the panel “Status”."),
            )
        return cleaned
