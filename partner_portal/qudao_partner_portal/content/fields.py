"""The model field that holds audience keys."""

from __future__ import annotations

from typing import Any

from django.db import models


class AudienceKeysList(models.JSONField):
    """A list of audience keys. Wagtail's forms offer them by name (``content.admin`` registers the form field)."""

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **kwargs)
