"""The model field that holds audience keys."""

from __future__ import annotations

from typing import Any

from django.db import models


class AudienceKeysList(models.JSONField):
    """A list of audience keys. Wagtail's forms offer them by name (``content.admin`` registers the form field).

    To migrations it is the JSON it is stored as, so that page types of other plugins do not name this module there.
    """

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **kwargs)
