"""What the portal gives to screens of Wagtail's admin: fields and columns of audience keys, with names and a count."""

from __future__ import annotations

from .audience.admin import (
    AudienceColumn,
    AudienceKeyField,
    AudienceKeysField,
    AudienceTitleColumn,
    PeopleKeysField,
)

__all__ = [
    "AudienceColumn",
    "AudienceKeyField",
    "AudienceKeysField",
    "AudienceTitleColumn",
    "PeopleKeysField",
]
